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
import { type Bench, redisCpu_us } from "./measure.ts";

const VOTERS_A_PAGE = 10_000;
const SITE = "default";
/** Votes of one measurement, and how many wait for their answer at a time. */
const SAMPLE = 100_000;
const TOGETHER = 1_000;

export async function measureCost({ quick, say }: Bench): Promise<void> {
  const few = 1_000;
  const many = quick ? 200_000 : 10_000_000;
  const server = await startTestRedis();
  const { redis, lifecycle } = openTestRedis("worker", server.url);
  const producer = openTestRedis("producer", server.url);
  try {
    const config = readConfig({ REDIS_URL: server.url });
    startWorker(config, openMetrics(), lifecycle, openLog("bench", "silent"));
    const queue = new VoteQueue(producer.redis, { shards: config.queueShards });
    await fill(redis, 0, few);
    // The first round warms everything up.
    await sample(redis, queue, 1);
    const before = await sample(redis, queue, 1);
    await fill(redis, few, many);
    const after = await sample(redis, queue, many / VOTERS_A_PAGE);
    say(`Redis CPU a vote, ${few.toLocaleString("en")} votes on record`, `${before.toFixed(2)} µs`);
    say(`Redis CPU a vote, ${many.toLocaleString("en")} votes on record`, `${after.toFixed(2)} µs`);
    say("growth", `${((after / before - 1) * 100).toFixed(0)} %`);
    const used = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
    say("memory a vote on record", `${(used / (many + 3 * SAMPLE)).toFixed(0)} bytes`);
    await queue.close();
  } finally {
    await lifecycle.stop();
    await producer.lifecycle.stop();
    await server.stop();
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

/** Puts records number `from` to `to` in place, spread over as many pages as it takes. */
async function fill(redis: RedisConnection, from: number, to: number): Promise<void> {
  const calls: (() => Promise<unknown>)[] = [];
  for (let at = from; at < to; at += VOTES_A_CALL_MAX) {
    const count = Math.min(VOTES_A_CALL_MAX, to - at);
    const page = `page-${Math.floor(at / VOTERS_A_PAGE)}`;
    calls.push(() =>
      tallyPage(
        redis,
        SITE,
        page,
        Array.from({ length: count }, (_, n) => vote(at + n)),
      ),
    );
  }
  const next = calls.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const call of next) await call();
    }),
  );
}

/** Casts votes of new voters on `pages` of the pages; µs of Redis a vote. */
async function sample(redis: RedisConnection, queue: VoteQueue, pages: number): Promise<number> {
  const began_us = await redisCpu_us(redis);
  for (let at = 0; at < SAMPLE; at += TOGETHER) {
    const votes = Array.from({ length: TOGETHER }, (_, n) => {
      const page = `page-${Math.floor(((at + n) * 7_919) % pages)}`;
      return queue.add({ site: SITE, page, ...vote(at + n) });
    });
    await Promise.all(votes);
  }
  while ((await queue.jobs()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  return ((await redisCpu_us(redis)) - began_us) / SAMPLE;
}
