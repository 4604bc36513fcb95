import { setTimeout as pause } from "node:timers/promises";
import { redisOf } from "./rig/parts-of-bed.ts";
import type { Fault } from "./rig/round.ts";

/** Redis is gone for `away_s` seconds: longer than BullMQ's drain delay of 5 s, which has faults of its own. */
export function redisAway(away_s: number): Fault {
  return async (scene) => {
    await redisOf(scene).kill();
    await pause(away_s * 1_000);
    await redisOf(scene).restart();
  };
}
