import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { until } from "../support/reader.ts";
import { redisOf } from "./rig/parts-of-bed.ts";
import type { Fault } from "./rig/round.ts";

/**
 * Lets Redis run into `maxmemory` for `full_s` seconds: it refuses every write, while reads go on; then gives it room again.
 * Workers stand still until it is full, so that accepted votes are caught between queue and tally.
 */
export function fillMemory(full_s: number): Fault {
  return async (scene) => {
    const { bed, backlog } = scene;
    const redis = new Redis(redisOf(scene).url);
    try {
      for (const worker of bed.workers) worker.freeze();
      await until("votes to wait", async () => (await backlog.left()) >= 10);
      await redis.config("SET", "maxmemory", 1);
      for (const worker of bed.workers) worker.thaw();
      await pause(full_s * 1_000);
      await redis.config("SET", "maxmemory", 0);
    } finally {
      redis.disconnect();
    }
  };
}
