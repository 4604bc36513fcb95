import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { type RedisConnection, whenConnected } from "../../shared/runtime/redis-connections.ts";
import { openTestRedis } from "./tally-redis.ts";

/** A connection that fails as those of services do: what is asked over it while Redis is silent takes as long as they wait for it. */
export async function openAsker(url: string, lifecycle: Lifecycle): Promise<RedisConnection> {
  const asker = openTestRedis("producer", url);
  lifecycle.onStop("asker", () => asker.lifecycle.stop());
  await whenConnected(asker.redis);
  return asker.redis;
}

/** Whether `answers` are there before a Redis that is silent has let two questions down, one after the other: without any clock. */
export async function soonerThanTwoQuestions(
  asker: RedisConnection,
  answers: Promise<unknown>,
): Promise<boolean> {
  const twoQuestions = (async () => {
    for (let n = 0; n < 2; n++) await asker.get("anything").catch(() => {});
    return false;
  })();
  return await Promise.race([twoQuestions, answers.then(() => true)]);
}
