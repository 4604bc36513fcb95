import { setTimeout as pause } from "node:timers/promises";
import type { ServiceName } from "../support/service-process.ts";
import { networksOf } from "./rig/parts-of-bed.ts";
import type { Fault } from "./rig/round.ts";

const ONE_WAY_MS = 6_000;

/**
 * What one kind of service says does not reach Redis (`up`), or what Redis answers does not reach the service (`down`); nobody is
 * told.
 */
export function oneWayNetwork(of: ServiceName, lost: "up" | "down"): Fault {
  return async (scene) => {
    const network = networksOf(scene)[of];
    network.swallow(lost);
    await pause(ONE_WAY_MS);
    network.mend();
  };
}
