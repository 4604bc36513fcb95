import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { redisOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

/** The beginning of a command, as a power cut leaves it: Redis had not answered it yet. */
const TORN = "*3\r\n$3\r\nSET\r\n$4\r\nto";

/** Kills Redis in the middle of a write to its file, and starts it again. */
export async function tearAof(scene: FaultScene): Promise<void> {
  const redis = redisOf(scene);
  await redis.kill();
  const folder = join(redis.dataDir, "redis", "appendonlydir");
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith(".incr.aof"))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error(`no file in ${folder}`);
  appendFileSync(join(folder, newest), TORN);
  await redis.restart();
}
