import { setTimeout as pause } from "node:timers/promises";
import type { ServiceName } from "../support/service-process.ts";
import { networksOf } from "./rig/parts-of-bed.ts";
import type { Fault } from "./rig/round.ts";

const CUT_MS = 6_000;

/** Cuts one kind of service off Redis; connections are refused meanwhile. */
export function cutNetwork(of: ServiceName): Fault {
  return async (scene) => {
    const network = networksOf(scene)[of];
    network.cut();
    await pause(CUT_MS);
    network.mend();
  };
}
