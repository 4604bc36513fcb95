/** A real worker process, killed with SIGKILL in the middle of a purge: another one completes it, once. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAudit } from "../../shared/moderation/audit.ts";
import type { StoredOrder } from "../../shared/moderation/order-job.ts";
import { OrderQueue } from "../../shared/moderation/order-queue.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { SETTLED } from "../../shared/tallies/record.ts";
import { type TallyVote, tallyPage, VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import { until } from "../support/reader.ts";
import { tallyJob } from "../support/tally-job.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const SITE = "default";
const PAGE = "raided";
const VOTES = 100_000;
const RAID = 1;

let server: TestRedis;
let parts: ReturnType<typeof openTestRedis>;
let orders: OrderQueue;
const workers: ChildProcess[] = [];
const begin = Date.now() - 60_000;

beforeAll(async () => {
  server = await startTestRedis();
  parts = openTestRedis("worker", server.url);
  orders = new OrderQueue(parts.redis, () => {});
});
afterAll(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await orders.close();
  await parts.lifecycle.stop();
  await server.stop();
});

function startWorker(): ChildProcess {
  const main = fileURLToPath(new URL("../../dist/services/worker/main.js", import.meta.url));
  const worker = spawn(process.execPath, [main], {
    env: { ...process.env, REDIS_URL: server.url, PORT: "0", LOG_LEVEL: "silent" },
    stdio: "ignore",
  });
  workers.push(worker);
  return worker;
}

/** Every second vote is of the raid. */
function voteOf(n: number): TallyVote {
  // Evenly spread, as the keyed hash is: the first bits decide the bucket.
  const spread = Math.imul(n, 0x9e3779b1) >>> 0;
  const voter = spread.toString(16).padStart(8, "0") + n.toString(16).padStart(8, "0");
  return { voter, reaction: SETTLED + 2, at: begin + (n % 1_000), source: n % 2 === 0 ? RAID : 2 };
}

async function fill(): Promise<void> {
  const all = Array.from({ length: VOTES }, (_, n) => voteOf(n));
  for (let from = 0; from < VOTES; from += VOTES_A_CALL_MAX * 20) {
    const calls = Array.from({ length: 20 }, (_, i) => all.slice(from + i * 200, from + (i + 1) * 200));
    await Promise.all(calls.map((votes) => tallyPage(parts.redis, SITE, PAGE, votes)));
  }
}

const angry = async () => (await readTotals(parts.redis, SITE, PAGE)).totals[2] ?? 0;
const isDone = async (id: string) => (await (await orders.find(id))?.getState()) === "completed";

describe("a worker killed in the middle of a purge", () => {
  it("M19: is followed by another that completes it once, and the undo gives everything back", async () => {
    await fill();
    const first = startWorker();
    const order: StoredOrder = {
      version: 1,
      site: SITE,
      order: "purge",
      page: PAGE,
      source: RAID,
      at: Date.now(),
      by: "test",
    };
    await orders.add("o-killed", order);
    await until("the purge to begin", async () => (await angry()) < VOTES, 60_000);
    first.kill("SIGKILL");
    await once(first, "exit");
    const half = await angry();
    expect(half).toBeGreaterThan(VOTES / 2);

    // Meanwhile votes of the raid arrive late, some for the second time.
    const late = [0, 2, 4, VOTES, VOTES + 2].map((n) => ({ ...voteOf(n), site: SITE, page: PAGE }));
    await tallyJob(parts.redis, late);

    startWorker();
    await until("the purge to be completed", () => isDone("o-killed"), 60_000);
    expect(await angry()).toBe(VOTES / 2);
    const job = await orders.find("o-killed");
    expect(job?.returnvalue).toMatchObject({ votes: VOTES / 2 + 2, pages: 1 });
    const said = await readAudit(parts.redis, SITE, { limit: 100 });
    expect(said.filter(({ what, orderId }) => what === "done" && orderId === "o-killed")).toHaveLength(1);

    const undo: StoredOrder = { ...order, order: "undo", source: undefined, of: "o-killed", undoes: "purge" };
    await orders.add("u-o-killed", undo);
    await until("the undo", () => isDone("u-o-killed"), 60_000);
    expect(await angry()).toBe(VOTES + 2);
  }, 240_000);
});
