import type { RedisConnection } from "./redis-connections.ts";

/**
 * The time of one Redis: seconds since 1970, and microseconds. A Cluster's nodes have a clock each, and TIME goes to any of them; a
 * script goes to the node that its key lives on, so that every process of every service reads the same clock.
 * @throws what Redis said
 */
export async function redisTime(redis: RedisConnection): Promise<readonly string[]> {
  const reply = await redis.eval("return redis.call('TIME')", 1, "clock");
  if (!Array.isArray(reply)) throw new Error("Redis told no time");
  return reply.map(String);
}

/** The same as whole milliseconds since 1970. */
export async function redisTime_ms(redis: RedisConnection): Promise<number> {
  const [seconds, microseconds] = await redisTime(redis);
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}
