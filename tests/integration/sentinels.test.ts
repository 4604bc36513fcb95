/** What a master behind Sentinels goes through while votes come in. Every 202 must be in the totals afterwards. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { readConfig } from "../../shared/runtime/config.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { countsOf, freshPage, until } from "../support/reader.ts";
import type { RedisAccess } from "../support/redis-child.ts";
import { startService } from "../support/start-service.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { makeCertificates } from "../support/test-certificates.ts";
import { MASTER, startTestSentinels, type TestSentinels } from "../support/test-sentinels.ts";
import { startVoteLoad } from "../support/vote-load.ts";

const SLOW = { timeout: 240_000 };

/** By then votes are taken again, without help. */
const RECOVERS_MS_MAX = 15_000;
const CATCH_UP_MS = 60_000;

/** Each step of asking takes so long that it is under way nearly all the time. */
const SLOW_SENTINEL_MS = 300;

async function start(access?: RedisAccess): Promise<TestSentinels> {
  const sentinels = await startTestSentinels(access);
  onTestFinished(() => sentinels.stop());
  return sentinels;
}

function sumOf(accepted: ReadonlyMap<string, number>): number {
  return [...accepted.values()].reduce((sum, votes) => sum + votes, 0);
}

/** Votes and watches while the master fails in some way: nothing promised may be missing in the end. */
async function throughFault(
  sentinels: TestSentinels,
  env: Readonly<Record<string, string>>,
  fault: (master: number) => Promise<void>,
): Promise<void> {
  const service = await startService(sentinels.url, { VOTE_MIN_REPLICAS: "1", ...env });
  onTestFinished(() => service.stop());
  const pages = Array.from({ length: 4 }, (_, n) => freshPage(`${n}`));
  const told = new Map<string, PageCounts>();
  const socket = await service.socket();
  socket.on("counts", (counts) => told.set(counts.page, counts));
  await socket.emitWithAck("watch", { pages });
  const load = startVoteLoad(() => service.url, pages, 6);
  try {
    await load.more(2);
    const master = await sentinels.master();
    await fault(master);
    let before: number | undefined;
    await until(
      "votes that a new master took",
      async () => {
        if (before === undefined && (await sentinels.master()) !== master) before = sumOf(load.accepted);
        return before !== undefined && sumOf(load.accepted) > before;
      },
      RECOVERS_MS_MAX,
    );
    await load.more(3);
  } finally {
    await load.stop();
  }
  console.log(`longest time without a 202: ${Math.round(load.gap_ms_max())} ms, ${load.refused()} refusals`);
  expect(load.wrong).toEqual([]);
  for (const [page, total] of load.accepted) {
    await until(
      `${total} votes on ${page}`,
      async () => (await countsOf(service.url, page)).total === total,
      CATCH_UP_MS,
    );
    await until(`the viewer to know of ${total}`, () => told.get(page)?.total === total, CATCH_UP_MS);
  }
  await until("a green /readyz", async () => (await fetch(`${service.url}/readyz`)).ok, CATCH_UP_MS);
}

test(
  "V85: a master killed under load is replaced, and no vote that was answered 202 is lost",
  SLOW,
  async () => {
    const sentinels = await start();
    let back: Promise<void> | undefined;
    await throughFault(sentinels, {}, async (master) => {
      await sentinels.kill(master);
      // It comes back as a master that knows nothing of what happened, and is put down to a replica.
      back = until("a new master", async () => (await sentinels.master()) !== master, CATCH_UP_MS).then(() =>
        sentinels.restart(master),
      );
    });
    await back;
    await sentinels.settled();
  },
);

test(
  "V85: a frozen master's connections are given up, and what it wakes up to is not believed",
  SLOW,
  async () => {
    const sentinels = await start();
    let frozen = 0;
    await throughFault(sentinels, {}, async (master) => {
      frozen = master;
      sentinels.pause(master);
    });
    sentinels.resume(frozen);
    await sentinels.settled();
  },
);

test(
  "V85: a connection that is asking a slow Sentinel when the new master is told of finds it all the same",
  SLOW,
  async () => {
    const sentinels = await start();
    const networks: TcpProxy[] = [];
    onTestFinished(async () => void (await Promise.all(networks.map((network) => network.stop()))));
    for (const [, port] of sentinels.url.matchAll(/:(\d+)/g)) {
      const network = await TcpProxy.begin(Number(port));
      network.slow(SLOW_SENTINEL_MS);
      networks.push(network);
    }
    const url = `redis+sentinel://${networks.map(({ port }) => `127.0.0.1:${port}`).join(",")}/${MASTER}`;
    const lifecycle = new Lifecycle();
    onTestFinished(() => lifecycle.stop());
    const redis = openRedis("reader", readConfig({ REDIS_URL: url }), lifecycle, openLog("test", "silent"));
    await until("a connection", () => redis.status === "ready", CATCH_UP_MS);
    // The detector of failovers asks every Sentinel once the connection stands.
    await pause(10 * SLOW_SENTINEL_MS);
    const master = await sentinels.master();
    await sentinels.kill(master);
    await until("a new master", async () => (await sentinels.master()) !== master, CATCH_UP_MS);
    await until("a connection to it", () => redis.status === "ready", CATCH_UP_MS);
  },
);

test("V85: with TLS, a password and one Sentinel less it goes on as well", SLOW, async () => {
  const tls = await makeCertificates(temporaryFolder());
  const sentinels = await start({ tls, password: "swordfish" });
  const env = { REDIS_TLS_CA_FILE: tls.caFile, REDIS_PASSWORD: "swordfish" };
  // Whatever is to be said of it stands in the log.
  const printed = vi.spyOn(console, "error");
  await throughFault(sentinels, env, async (master) => {
    await sentinels.killSentinel();
    await sentinels.kill(master);
  });
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});
