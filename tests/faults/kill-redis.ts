import { redisOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

/** Kills Redis and starts it again on its data. */
export async function killRedis(scene: FaultScene): Promise<void> {
  await redisOf(scene).kill();
  await redisOf(scene).restart();
}
