/**
 * One page is one slot on one master. What a call of the tally script costs there by the number of votes in it, and what
 * each realtime process that listens adds; from these, by simulation, what 5,000, 50,000 and 500,000 votes a second on one
 * page come to.
 */
import { randomBytes, randomInt } from "node:crypto";
import type { RedisConnection } from "../../../shared/runtime/redis-connections.ts";
import { PageFeed } from "../../../shared/tallies/page-feed.ts";
import { tallyPage } from "../../../shared/tallies/tally-page.ts";
import { simulateRush } from "../../simulation/hot-rush.ts";
import { openTestRedis } from "../../support/tally-redis.ts";
import { startTestRedis } from "../../support/test-redis.ts";
import { type Bench, redisCpu_us } from "./measure.ts";

const PAGE = "hot";
const LISTENERS = 20;
const TOGETHER = 8;

export async function measureHotPage({ quick, say }: Bench): Promise<void> {
  const server = await startTestRedis();
  const { redis, lifecycle } = openTestRedis("worker", server.url);
  const votes = quick ? 20_000 : 200_000;
  try {
    await cast(redis, 10_000, 200);
    const cost_us = new Map<number, number>();
    for (const size of [1, 10, 50, 200]) {
      const { call_us, votesASecond } = await cast(redis, Math.min(votes, size * 5_000), size);
      cost_us.set(size, call_us);
      say(
        `a call of ${size} votes`,
        `${call_us.toFixed(0)} µs of Redis, ${(call_us / size).toFixed(2)} µs a vote, ${Math.round(votesASecond).toLocaleString("en")} votes/s`,
      );
    }
    const feeds = Array.from({ length: LISTENERS }, () => openTestRedis("subscriber", server.url));
    let heard = 0;
    for (const feed of feeds) await new PageFeed(feed.redis).follow("default", PAGE, () => heard++);
    const { call_us } = await cast(redis, Math.min(votes, 10 * 2_000), 10);
    const listener_us = Math.max(0, (call_us - (cost_us.get(10) ?? 0)) / LISTENERS);
    say(`each realtime process that listens adds to a call`, `${listener_us.toFixed(1)} µs (${heard} heard)`);
    await Promise.all(feeds.map((feed) => feed.lifecycle.stop()));
    const vote_us = ((cost_us.get(200) ?? Number.NaN) - (cost_us.get(10) ?? Number.NaN)) / 190;
    const cost = { call_us: (cost_us.get(200) ?? Number.NaN) - 200 * vote_us, vote_us, listener_us };
    for (const [votesASecond, listeners] of [
      [5_000, 2],
      [50_000, 10],
      [500_000, 100],
    ] as const) {
      const rush = await simulateRush({ votesASecond, seconds: 30, listeners, cost });
      say(
        `${votesASecond.toLocaleString("en")} votes/s on the page for 30 s, ${listeners} listeners, simulated`,
        `${Math.round(rush.busy * 100)} % of the master's core, ${Math.round(rush.votes / rush.calls)} votes a call, latest count after ${(rush.late_ms_max / 1_000).toFixed(2)} s, caught up after ${(rush.caughtUp_ms / 1_000).toFixed(1)} s`,
      );
    }
  } finally {
    await lifecycle.stop();
    await server.stop();
  }
}

/** Tallies votes of new voters on the page in calls of `size`; what a call cost Redis. */
async function cast(
  redis: RedisConnection,
  votes: number,
  size: number,
): Promise<{ readonly call_us: number; readonly votesASecond: number }> {
  const calls = Math.ceil(votes / size);
  let left = calls;
  const prepared = Array.from({ length: calls }, (_, call) =>
    Array.from({ length: size }, (_, n) => ({
      voter: randomBytes(8).toString("hex"),
      reaction: n % 4,
      at: 1_700_000_000_000 + call,
      source: randomInt(2 ** 24),
    })),
  );
  const began_us = await redisCpu_us(redis);
  const began_ms = performance.now();
  await Promise.all(
    Array.from({ length: TOGETHER }, async () => {
      while (left > 0) await tallyPage(redis, "default", PAGE, prepared[--left] ?? []);
    }),
  );
  const took_s = (performance.now() - began_ms) / 1_000;
  return { call_us: ((await redisCpu_us(redis)) - began_us) / calls, votesASecond: votes / took_s };
}
