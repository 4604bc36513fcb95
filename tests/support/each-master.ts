import { Cluster, type Redis } from "ioredis";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";

/** Asks every master: the one Redis, or each of a Cluster's. */
export async function eachMaster<Value>(
  redis: RedisConnection,
  ask: (master: Redis) => Promise<Value>,
): Promise<readonly Value[]> {
  return await Promise.all((redis instanceof Cluster ? redis.nodes("master") : [redis]).map(ask));
}

/** The keys on all masters that match a pattern. */
export async function keysIn(redis: RedisConnection, pattern: string): Promise<readonly string[]> {
  return (await eachMaster(redis, (master) => master.keys(pattern))).flat();
}
