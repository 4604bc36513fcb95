import { setTimeout as pause } from "node:timers/promises";
import type { ServiceName } from "../support/service-process.ts";
import { redisOf, servicesOf } from "./rig/parts-of-bed.ts";
import type { Fault, FaultScene } from "./rig/round.ts";

/** Longer than a job's lock lives, so that another worker takes the job over. */
const FROZEN_MS = 10_000;

/** Stops a process of one kind in the middle of what it does. */
export function freeze(kind: ServiceName): Fault {
  return async (scene) => {
    const frozen = scene.random.pick(servicesOf(scene, kind));
    frozen.freeze();
    await pause(FROZEN_MS);
    frozen.thaw();
  };
}

/** Stops Redis: its connections stay open, and nothing is answered. */
export async function freezeRedis(scene: FaultScene): Promise<void> {
  const redis = redisOf(scene);
  await redis.pause();
  await pause(FROZEN_MS);
  await redis.resume();
}
