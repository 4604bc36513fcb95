/** What a Cluster goes through while votes come in: masters die, slots move. Every 202 must be in the totals afterwards. */
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { HALF_LIFE_MS } from "../../shared/contract/hot.ts";
import { addHeat } from "../../shared/tallies/add-heat.ts";
import { addToSite } from "../../shared/tallies/add-to-site.ts";
import { SETTLED } from "../../shared/tallies/record.ts";
import { siteKeys } from "../../shared/tallies/site-keys.ts";
import { tallyPage } from "../../shared/tallies/tally-page.ts";
import { joinJob } from "../../shared/votes/join-job.ts";
import { shardOf, shardPrefix } from "../../shared/votes/shards.ts";
import { Voters } from "../../shared/votes/voters.ts";
import { countsOf, freshPage, until, vote } from "../support/reader.ts";
import { clusterPlace } from "../support/redis-place.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestCluster, type TestCluster } from "../support/test-cluster.ts";
import { startVoteLoad, TEST_SECRET, type VoteLoad } from "../support/vote-load.ts";

const SLOW = { timeout: 240_000 };
const READERS = 6;
const CATCH_UP_MS = 60_000;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 120_000);
afterAll(() => cluster.stop());

/** So many pages that each master has some. */
function freshPages(): readonly string[] {
  return Array.from({ length: 12 }, (_, n) => freshPage(`${n}`));
}

/** A service with a viewer of every page. */
async function withService(
  env: Readonly<Record<string, string>>,
  pages: readonly string[],
  work: (service: TestService, told: ReadonlyMap<string, PageCounts>) => Promise<void>,
): Promise<void> {
  const service = await startService(clusterPlace(cluster.nodes), env);
  try {
    const told = new Map<string, PageCounts>();
    const socket = await service.socket();
    socket.on("counts", (counts) => told.set(counts.page, counts));
    const ack = await socket.emitWithAck("watch", { pages: [...pages] });
    for (const counts of ack.ok ? ack.pages : []) told.set(counts.page, counts);
    await work(service, told);
    await until("a green /readyz", async () => (await fetch(`${service.url}/readyz`)).ok, CATCH_UP_MS);
  } finally {
    await service.stop();
  }
}

async function during(load: VoteLoad, fault: () => Promise<void>): Promise<void> {
  try {
    await load.more(2);
    await fault();
    await load.more(3);
  } finally {
    await load.stop();
  }
  console.log(`longest time without a 202: ${Math.round(load.gap_ms_max())} ms, ${load.refused()} refusals`);
  expect(load.wrong).toEqual([]);
}

/** Every promised vote is counted, none twice, and the viewer knows. */
async function expectAll(
  load: VoteLoad,
  before: number,
  service: TestService,
  told: ReadonlyMap<string, PageCounts>,
): Promise<void> {
  for (const [page, votes] of load.accepted) {
    const total = before + votes;
    await until(
      `${total} votes on ${page}`,
      async () => (await countsOf(service.url, page)).total === total,
      CATCH_UP_MS,
    );
    await until(`the viewer to know of ${total}`, () => told.get(page)?.total === total, CATCH_UP_MS);
  }
}

/** Pages whose slots are among the `count` lowest of a master, and which use the queue shard that is among them too. */
async function pagesOnTheMove(count: number, shards: number) {
  const masters = await cluster.masters();
  const node = new Redis(masters[0]?.port ?? 0);
  try {
    const slotOf = async (key: string) => Number(await node.cluster("KEYSLOT", key));
    const found = await Promise.all(
      Array.from({ length: shards }, async (_, shard) => {
        const slot = await slotOf(`${shardPrefix(shard)}:wait`);
        const from = masters.find(({ firstSlot }) => slot >= firstSlot && slot < firstSlot + count);
        return from === undefined ? [] : [{ from, shard }];
      }),
    );
    const [move] = found.flat();
    if (move === undefined)
      throw new Error(`none of ${shards} shards lies in the lowest ${count} slots of a master`);
    const { from, shard } = move;
    const pages: string[] = [];
    while (pages.length < 8) {
      const page = freshPage();
      if (shardOf("default", page, shards) !== shard) continue;
      const slot = await slotOf(`{default:${page}}:page`);
      if (slot >= from.firstSlot && slot < from.firstSlot + count) pages.push(page);
    }
    return { from: from.port, pages };
  } finally {
    node.disconnect();
  }
}

/** Gives a page so many records that they fill several buckets, which move one after the other. */
async function fill(pages: readonly string[], voters: number): Promise<void> {
  const { redis, lifecycle } = openTestRedis("worker", clusterPlace(cluster.nodes));
  try {
    for (const page of pages) {
      const votes = Array.from({ length: voters }, () => ({
        voter: randomBytes(8).toString("hex"),
        reaction: SETTLED,
        at: 1,
        source: 0,
      }));
      for (let from = 0; from < votes.length; from += 200)
        await tallyPage(redis, "default", page, votes.slice(from, from + 200));
    }
  } finally {
    await lifecycle.stop();
  }
}

describe("a Cluster under load", () => {
  it("V30: slots that move take no vote with them, and count none twice", SLOW, async () => {
    const shards = 16;
    const { from, pages } = await pagesOnTheMove(500, shards);
    await fill(pages, 2_000);
    await withService({ QUEUE_SHARDS: String(shards) }, pages, async (service, told) => {
      const load = startVoteLoad(() => service.url, pages, READERS);
      await during(load, async () => {
        const to = (await cluster.masters()).find(({ port }) => port !== from)?.port ?? 0;
        await cluster.moveSlots(500, from, to);
      });
      await expectAll(load, 2_000, service, told);
    });
  });

  it(
    "V30: a page that is half on one master and half on the other waits, and is then right",
    SLOW,
    async () => {
      await cluster.settled();
      const page = freshPage();
      const key = `{default:${page}}:page`;
      const from = await cluster.masterOf(key);
      const to = (await cluster.masters()).find(({ port }) => port !== from)?.port ?? 0;
      const voters = new Voters([{ id: "1", secret: TEST_SECRET }]);
      const tokens = Array.from({ length: 120 }, () => voters.issue("default"));
      await withService({}, [page], async (service, told) => {
        const castAll = async (reaction: string): Promise<void> => {
          const answers = await Promise.all(
            tokens.map(({ token }) => vote(service.url, { page, reaction, voter: token })),
          );
          expect(answers.map(({ status }) => status)).toEqual(tokens.map(() => 202));
        };
        await castAll("great");
        await until("all records", () => told.get(page)?.total === tokens.length, CATCH_UP_MS);
        const move = await cluster.beginMove(key, from, to);
        // The page's hash goes first, its buckets stay: whoever reads it there now finds voters without records.
        await move.migrate([key]);
        await castAll("sad");
        await until(
          "a try that was put off",
          async () =>
            !/^reactions_jobs_put_off_total 0$/m.test(await (await fetch(`${service.url}/metrics`)).text()),
          CATCH_UP_MS,
        );
        await move.finish();
        await until("the votes", async () => told.get(page)?.counts.sad === tokens.length, CATCH_UP_MS);
        expect(await countsOf(service.url, page)).toMatchObject({
          counts: { great: 0, sad: tokens.length },
          total: tokens.length,
        });
      });
    },
  );

  it("V94: a job of which half has moved is joined by nothing until it is whole", SLOW, async () => {
    await cluster.settled();
    const { redis, lifecycle } = openTestRedis("producer", clusterPlace(cluster.nodes));
    const queue = new Queue("joined", { connection: redis, prefix: `{joined-${freshPage()}}` });
    try {
      const key = queue.toKey((await queue.add("votes", {})).id ?? "");
      expect(await joinJob(redis, 0, key, "first")).toBe(true);
      const from = await cluster.masterOf(key);
      const to = (await cluster.masters()).find(({ port }) => port !== from)?.port ?? 0;
      const move = await cluster.beginMove(key, from, to);
      expect(await joinJob(redis, 0, key, "begun")).toBe(false);
      // Whoever asks for the job is led to where it is now; its log is here still.
      await move.migrate([key]);
      expect(await joinJob(redis, 0, key, "half")).toBe(false);
      await move.finish();
      await until(
        "the log",
        async () => (await redis.lrange(`${key}:logs`, 0, -1)).length === 1,
        CATCH_UP_MS,
      );
      expect(await joinJob(redis, 0, key, "last")).toBe(true);
      expect(await redis.lrange(`${key}:logs`, 0, -1)).toEqual(["first", "last"]);
    } finally {
      await queue.close();
      await lifecycle.stop();
    }
  });

  it("V98: a site of which half has moved gets its votes' changes once it is whole", SLOW, async () => {
    await cluster.settled();
    const { redis, lifecycle } = openTestRedis("worker", clusterPlace(cluster.nodes));
    try {
      const [site, page] = [`moves${Date.now()}`, freshPage()];
      const { totals } = siteKeys(site);
      const moved = [2, 1, 0, 0, 0, 0, 0, 0];
      const at = Date.now();
      const change = (): Promise<unknown> =>
        Promise.all([
          addToSite(redis, site, [{ minute: Math.floor(at / 60_000), moved }], 3),
          addHeat(redis, site, [{ page, at, moved }]),
        ]);
      await change();
      const from = await cluster.masterOf(totals);
      const to = (await cluster.masters()).find(({ port }) => port !== from)?.port ?? 0;
      const move = await cluster.beginMove(totals, from, to);
      // The totals go first. The names of what was added, the timeline and the hot lists stay.
      await move.migrate([totals]);
      let arrived = false;
      const changed = change().finally(() => {
        arrived = true;
      });
      await pause(1_000);
      expect(arrived).toBe(false);
      await move.finish();
      await changed;
      expect((await redis.hmget(totals, "0", "1")).map(Number)).toEqual([4, 2]);
      expect(await redis.zcard(`{site:${site}}:added`)).toBe(2);
      // Twice the heat is one more in a logarithm to base 2.
      const heat = Number(await redis.zscore(`{site:${site}}:warm:hour`, page)) - at / HALF_LIFE_MS.hour;
      expect(heat).toBeCloseTo(Math.log2(6), 3);
    } finally {
      await lifecycle.stop();
    }
  });

  it("V31: a killed master's votes and pages go on with its replica, without help", SLOW, async () => {
    await cluster.settled();
    const pages = freshPages();
    await withService({ QUEUE_SHARDS: "3" }, pages, async (service, told) => {
      const killed = await cluster.masterOf(`${shardPrefix(0)}:wait`);
      try {
        const through = startVoteLoad(() => service.url, pages, READERS);
        await during(through, () => cluster.kill(killed));
        // What was answered in the moment before may have gone with the master: see V32. Nothing later has.
        const before = new Map<string, number>();
        await until(
          "a moment of rest",
          async () => {
            const metrics = await (await fetch(`${service.url}/metrics`)).text();
            return /^reactions_jobs_waiting 0$/m.test(metrics);
          },
          CATCH_UP_MS,
        );
        for (const page of pages) before.set(page, Number((await countsOf(service.url, page)).total));
        const after = startVoteLoad(() => service.url, pages, READERS);
        await during(after, async () => {});
        for (const page of pages) {
          const total = (before.get(page) ?? 0) + (after.accepted.get(page) ?? 0);
          await until(`the viewer to know of ${total}`, () => told.get(page)?.total === total, CATCH_UP_MS);
        }
      } finally {
        await cluster.restart(killed);
      }
    });
  });

  it(
    "V32: with VOTE_MIN_REPLICAS=1 no vote that was answered 202 is lost with its master",
    SLOW,
    async () => {
      await cluster.settled();
      const pages = freshPages();
      await withService({ QUEUE_SHARDS: "3", VOTE_MIN_REPLICAS: "1" }, pages, async (service, told) => {
        const load = startVoteLoad(() => service.url, pages, READERS);
        await during(load, async () => {
          const killed = await cluster.masterOf(`${shardPrefix(1)}:wait`);
          await cluster.kill(killed);
          await cluster.settled();
          // Its successor has no replica until it is back, and takes no votes until then.
          await cluster.restart(killed);
        });
        await expectAll(load, 0, service, told);
      });
    },
  );

  it("V32: without the replicas that it asks for, a vote is refused as retryable", SLOW, async () => {
    await cluster.settled();
    const [page = ""] = freshPages();
    await withService({ VOTE_MIN_REPLICAS: "2" }, [page], async (service) => {
      const { status, body } = await vote(service.url, { page, reaction: "great" });
      expect({ status, code: body.code, retryable: body.retryable }).toEqual({
        status: 503,
        code: "unavailable",
        retryable: true,
      });
    });
  });
});
