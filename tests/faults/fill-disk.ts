import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
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
  rmSync(ballast);
  await redis.restart();
}
