import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { redisOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

/** Left for Redis to write into before the disk is full. */
const LEFT_BYTES = 60_000;
const FULL_MS = 8_000;

/**
 * Fills the disk under Redis's file. With `appendfsync always` a Redis that cannot write ends itself, before it answers;
 * whoever supervises it starts it again, in vain until there is room. Then there is room.
 */
export async function fillDisk(scene: FaultScene): Promise<void> {
  const redis = redisOf(scene);
  const { bavail, bsize } = statfsSync(redis.dataDir);
  const ballast = join(redis.dataDir, "ballast");
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - LEFT_BYTES)));
  await pause(FULL_MS);
  const harmed = !(await takesWrites(redis.url));
  rmSync(ballast);
  if (!harmed) throw new Error("the disk was full, and Redis took a write all the same: it never was");
  await redis.restart();
}

/** Whether Redis is there and writes down what it is told. */
async function takesWrites(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, commandTimeout: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.set("written by the fault tests", "x".repeat(LEFT_BYTES), "EX", 60);
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
