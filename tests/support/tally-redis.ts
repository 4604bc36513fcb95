/** A connection to the shared Redis for tests that speak to it directly. */
import { inject } from "vitest";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openRedis, type RedisConnection, type RedisRole } from "../../shared/runtime/redis-connections.ts";
import { redisAddress } from "./redis-place.ts";

/** Opens one; the caller stops the lifecycle. */
export function openTestRedis(role: RedisRole = "worker", url = inject("redisUrl")) {
  const lifecycle = new Lifecycle();
  const redis: RedisConnection = openRedis(role, redisAddress(url), lifecycle, openLog("test", "silent"));
  return { redis, lifecycle };
}
