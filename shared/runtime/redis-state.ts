/** How Redis is at this moment: memory and persistence, of a Cluster all masters together. */
import { Cluster } from "ioredis";
import type { RedisState } from "../contract/system.ts";
import type { RedisConnection } from "./redis-connections.ts";
import { inspectRedis } from "./redis-settings.ts";

/** @throws what Redis said */
export async function readRedisState(redis: RedisConnection): Promise<RedisState> {
  const masters = redis instanceof Cluster ? redis.nodes("master") : [redis];
  const began_ms = performance.now();
  await Promise.all(masters.map((master) => master.ping()));
  const roundTrip_ms = Math.round((performance.now() - began_ms) * 100) / 100;
  const infos = await Promise.all(masters.map((master) => master.info()));
  const { durability, warnings } = await inspectRedis(redis);
  const sum = (name: string): number =>
    infos.reduce((all, info) => all + Number(fieldOf(info, name) ?? 0), 0);
  const writes = infos.map((info) => fieldOf(info, "aof_last_write_status"));
  return {
    version:
      fieldOf(infos[0] ?? "", "valkey_version") ?? fieldOf(infos[0] ?? "", "redis_version") ?? "unknown",
    usedMemory_bytes: sum("used_memory"),
    maxMemory_bytes: sum("maxmemory"),
    appendonly: infos.every((info) => fieldOf(info, "aof_enabled") === "1"),
    lastWriteOk: writes.includes(undefined) ? null : writes.every((status) => status === "ok"),
    durability,
    warnings,
    roundTrip_ms,
  };
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
}
