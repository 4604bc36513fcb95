import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import type { FaultScene } from "./rig/round.ts";

const FULL_MS = 8_000;

/** Lets Redis run into `maxmemory`: it refuses every write, while reads go on; then gives it room again. */
export async function fillMemory({ bed }: FaultScene): Promise<void> {
  const redis = new Redis(bed.redis.url);
  try {
    const used_bytes = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
    await redis.config("SET", "maxmemory", used_bytes + 50_000);
    await pause(FULL_MS);
    await redis.config("SET", "maxmemory", 0);
  } finally {
    redis.disconnect();
  }
}
