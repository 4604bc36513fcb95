import { setTimeout as pause } from "node:timers/promises";
import { inTurn, redisOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

const FROZEN_MS = 10_000;

/** Stops one process after the other, one in each round and Redis included, for 10 s: longer than a job's lock lives, so that another worker takes the job over. */
export async function freeze(scene: FaultScene): Promise<void> {
  const { apis, workers, realtimes } = scene.bed;
  const frozen = inTurn(scene.turn, [redisOf(scene), ...apis, ...workers, ...realtimes]);
  if ("pause" in frozen) {
    await frozen.pause();
    await pause(FROZEN_MS);
    await frozen.resume();
    return;
  }
  frozen.freeze();
  await pause(FROZEN_MS);
  frozen.thaw();
}
