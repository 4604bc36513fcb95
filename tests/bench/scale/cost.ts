/** What a vote costs Redis, all of it (commit, job, tally), with few and with many votes on record. */
import { randomBytes, randomInt } from "node:crypto";
import { startWorker } from "../../../services/worker/start-worker.ts";
import { readConfig } from "../../../shared/runtime/config.ts";
import { openLog } from "../../../shared/runtime/log.ts";
import { openMetrics } from "../../../shared/runtime/metrics.ts";
import type { RedisConnection } from "../../../shared/runtime/redis-connections.ts";
import { tallyPage, VOTES_A_CALL_MAX } from "../../../shared/tallies/tally-page.ts";
import { VoteQueue } from "../../../shared/votes/vote-queue.ts";
import { openTestRedis } from "../../support/tally-redis.ts";
import { startTestRedis } from "../../support/test-redis.ts";
import { median } from "../rows.ts";
import { type Bench, redisCpu_us } from "./measure.ts";

/** Of pages that are filled. */
export const VOTERS_A_PAGE = 10_000;
const SITE = "default";
/** Votes of one measurement, and how many wait for their answer at a time. */
const SAMPLE = 100_000;
const TOGETHER = 1_000;

/** A Redis with a worker and a queue, whose work for votes can be told. */
export interface Cost {
  /** Puts records number `from` to `to` in place, `votersAPage` on each of as many pages as it takes. */
  fill(from: number, to: number, votersAPage?: number): Promise<void>;
  /** Casts votes of new voters on the pages in turns; µs of Redis a vote. */
  sample(pages: readonly string[], votes?: number): Promise<number>;
  /** Bytes that Redis uses. */
  memory(): Promise<number>;
  end(): Promise<void>;
}

export const pageNumber = (n: number): string => `page-${n}`;

/** @param settings of the service besides where Redis is */
export async function openCost(settings: Readonly<Record<string, string>>): Promise<Cost> {
  const server = await startTestRedis();
  const { redis, lifecycle } = openTestRedis("worker", server.url);
  const producer = openTestRedis("producer", server.url);
  // Filled within a minute, its file would be written anew again and again, each time copying every page of memory that changes.
  await redis.config("SET", "auto-aof-rewrite-percentage", "0");
  const config = readConfig({ REDIS_URL: server.url, ...settings });
  startWorker(config, openMetrics(), lifecycle, openLog("bench", "silent"));
  const queue = new VoteQueue(producer.redis, { shards: config.queueShards });
  return {
    fill: (from, to, votersAPage = VOTERS_A_PAGE) => fill(redis, from, to, votersAPage),
    sample: (pages, votes = SAMPLE) => sample(redis, queue, pages, votes),
    memory: async () => Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]),
    end: async () => {
      await queue.close();
      await lifecycle.stop();
      await producer.lifecycle.stop();
      await server.stop();
    },
  };
}

/**
 * Both cast on so many pages in turns that votes hardly ever share a call. Those that do cost less, and on small pages, where they
 * share a bucket too, less still: that is what `hot` measures.
 */
const PAGES = 10_000;

/** The two are measured in turns: a machine that is slow for a minute is slow for both. */
const ROUNDS = 7;
const VOTES_A_ROUND = 40_000;

export async function measureCost({ quick, say }: Bench): Promise<void> {
  const many = quick ? 200_000 : 10_000_000;
  const rounds = quick ? 2 : ROUNDS;
  const [small, large] = [await openCost({}), await openCost({})];
  try {
    const pages = Array.from({ length: PAGES }, (_, n) => pageNumber(n));
    // The first votes warm everything up, on pages that are not measured.
    for (const cost of [small, large]) await cost.sample(pages.map((page) => `warm-${page}`));
    const empty = await large.memory();
    await large.fill(0, many, many / PAGES);
    const filled = await large.memory();
    const figures: { readonly few: number; readonly many: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      // Pages of its own for each round, with one vote each, or the small ones would grow.
      const first = PAGES * round;
      await small.fill(first, first + PAGES, 1);
      const fresh = pages.map((_, n) => pageNumber(first + n));
      figures.push({
        few: await small.sample(fresh, VOTES_A_ROUND),
        many: await large.sample(pages, VOTES_A_ROUND),
      });
    }
    const few = figures.map((figure) => figure.few);
    const full = figures.map((figure) => figure.many);
    const growth = figures.map((figure) => (figure.many / figure.few - 1) * 100);
    const range = `${Math.min(...growth).toFixed(0)} to ${Math.max(...growth).toFixed(0)}`;
    say(`Redis CPU a vote, 1 vote on record on each of 10,000 pages`, `${median(few).toFixed(2)} µs`);
    say(
      `Redis CPU a vote, ${(many / PAGES).toLocaleString("en")} on record on each of 10,000 pages`,
      `${median(full).toFixed(2)} µs`,
    );
    say("growth", `${median(growth).toFixed(0)} % (${range})`);
    say("memory a vote on record", `${((filled - empty) / many).toFixed(0)} bytes`);
  } finally {
    await small.end();
    await large.end();
  }
}

function vote(at: number) {
  return {
    voter: randomBytes(8).toString("hex"),
    reaction: at % 4,
    at: 1_700_000_000_000 + at,
    source: randomInt(2 ** 24),
  };
}

async function fill(redis: RedisConnection, from: number, to: number, votersAPage: number): Promise<void> {
  let next = from;
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      while (next < to) {
        const at = next;
        next = Math.min(at + VOTES_A_CALL_MAX, to, (Math.floor(at / votersAPage) + 1) * votersAPage);
        const votes = Array.from({ length: next - at }, (_, n) => vote(at + n));
        await tallyPage(redis, SITE, pageNumber(Math.floor(at / votersAPage)), votes);
      }
    }),
  );
}

async function sample(
  redis: RedisConnection,
  queue: VoteQueue,
  pages: readonly string[],
  count: number,
): Promise<number> {
  const began_us = await redisCpu_us(redis);
  for (let at = 0; at < count; at += TOGETHER) {
    const votes = Array.from({ length: TOGETHER }, (_, n) => {
      const page = pages[((at + n) * 7_919) % pages.length] ?? "";
      return queue.add({ site: SITE, page, ...vote(at + n) });
    });
    await Promise.all(votes);
  }
  while ((await queue.jobs()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  return ((await redisCpu_us(redis)) - began_us) / count;
}
