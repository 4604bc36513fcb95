import type { FaultScene } from "./rig/round.ts";

/** Kills Redis and starts it again on its data. */
export async function killRedis({ bed }: FaultScene): Promise<void> {
  await bed.redis.kill();
  await bed.redis.restart();
}
