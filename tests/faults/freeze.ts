import { setTimeout as pause } from "node:timers/promises";
import { redisOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

const FROZEN_MS = 10_000;

/** Stops one process, Redis included, for 10 s: longer than a job's lock lives, so that another worker takes the job over. */
export async function freeze(scene: FaultScene): Promise<void> {
  const { bed, random } = scene;
  const frozen = random.pick([
    random.pick(bed.apis),
    random.pick(bed.workers),
    random.pick(bed.realtimes),
    redisOf(scene),
  ]);
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
