/**
 * `npm run bench:purge`: purges 100,000 of 1,000,000 votes of one page while readers vote on other pages, against the
 * service as `npm start` runs it, with a Redis that syncs every write. Prints how long the purge took, and how long votes
 * waited for their 202 before, during and after it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { Moderation } from "../../shared/client/moderation.ts";
import { listPages } from "../../shared/tallies/known-pages.ts";
import { SETTLED } from "../../shared/tallies/record.ts";
import { tallyPage } from "../../shared/tallies/tally-page.ts";
import { startRedisProcess } from "../support/redis-process.ts";

const VOTES = 1_000_000;
const RAID = 100_000;
const PAGE = "raided";
const TOKEN = "the-admin-token-of-the-bench";
const READERS = 8;
const READER_PAUSE_MS = 20;
const PHASE_MS = 8_000;

const folder = mkdtempSync(join(tmpdir(), "reader-reactions-bench-"));
const server = await startRedisProcess();
const redis = new Redis(server.url, { replyMapping: "legacy" });
let service: ChildProcess | undefined;
try {
  await fill();
  const url = await startService();
  const moderation = new Moderation({ endpoint: url, token: TOKEN });
  await measure(url, 2_000);
  const before = await measure(url, PHASE_MS);
  const began_ms = performance.now();
  const ordered = moderation.order({ order: "purge", page: PAGE, source: "000001" });
  const purged = ordered.then(({ id }) => moderation.waitFor(id));
  const waiting = measure(url, purged);
  const order = await purged;
  const took_s = (performance.now() - began_ms) / 1_000;
  const rows = { before, during: await waiting, after: await measure(url, PHASE_MS) };
  if (order.result?.votes !== RAID) throw new Error(`purged ${order.result?.votes}, expected ${RAID}`);
  console.log(`purge of ${RAID} of ${VOTES} votes: ${took_s.toFixed(2)} s`);
  for (const [phase, { votes, p50_ms, p99_ms }] of Object.entries(rows)) {
    console.log(`${phase}: ${votes} votes, p50 ${p50_ms.toFixed(1)} ms, p99 ${p99_ms.toFixed(1)} ms`);
  }
  const undo = await moderation.undo(order.id);
  const undoBegan_ms = performance.now();
  await moderation.waitFor(undo.id);
  console.log(`undo: ${((performance.now() - undoBegan_ms) / 1_000).toFixed(2)} s`);
} finally {
  redis.disconnect();
  service?.kill("SIGTERM");
  if (service !== undefined && service.exitCode === null) await once(service, "exit");
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Evenly spread pseudonyms, as the keyed hash is; every tenth vote is of the raid. */
async function fill(): Promise<void> {
  const at = Date.now() - 60_000;
  for (let from = 0; from < VOTES; from += 4_000) {
    const calls = Array.from({ length: 20 }, (_, call) =>
      Array.from({ length: 200 }, (_, n) => {
        const number = from + call * 200 + n;
        const spread = Math.imul(number, 0x9e3779b1) >>> 0;
        const voter = spread.toString(16).padStart(8, "0") + number.toString(16).padStart(8, "0");
        return { voter, reaction: SETTLED + 2, at, source: number % (VOTES / RAID) === 0 ? 1 : 2 };
      }),
    );
    await Promise.all(calls.map((votes) => tallyPage(redis, "default", PAGE, votes)));
  }
  await listPages(redis, "default", [PAGE]);
}

async function startService(): Promise<string> {
  const env = {
    ...process.env,
    REDIS_URL: server.url,
    DATA_DIR: join(folder, "data"),
    ADMIN_TOKEN: TOKEN,
    PORT: "0",
    LIMITS: "off",
  };
  service = spawn(process.execPath, ["dist/services/standalone/main.js"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const chunk of service.stdout ?? []) {
    said += String(chunk);
    const address = /API +(http:\S+)\/docs/.exec(said)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`the service did not start: ${said}`);
}

/** Readers vote on pages of their own, each a few dozen times a second, for some ms or until a promise settles. */
async function measure(url: string, ending: number | Promise<unknown>) {
  let running = true;
  const end = typeof ending === "number" ? pause(ending) : ending;
  void end.then(() => {
    running = false;
  });
  const agent = new Agent({ keepAlive: true, maxSockets: READERS });
  const waits_ms: number[] = [];
  const reader = async (n: number): Promise<void> => {
    while (running) {
      const began_ms = performance.now();
      await post(
        `${url}/v1/sites/default/votes`,
        JSON.stringify({ page: `page-${n}`, reaction: "great" }),
        agent,
      );
      waits_ms.push(performance.now() - began_ms);
      await pause(READER_PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: READERS }, (_, n) => reader(n)));
  agent.destroy();
  waits_ms.sort((a, b) => a - b);
  const at = (share: number): number => waits_ms[Math.floor(waits_ms.length * share)] ?? 0;
  return { votes: waits_ms.length, p50_ms: at(0.5), p99_ms: at(0.99) };
}

function post(url: string, body: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const call = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.once("end", () =>
        response.statusCode === 202 ? resolve() : reject(new Error(`${response.statusCode}`)),
      );
    });
    call.once("error", reject);
    call.end(body);
  });
}
