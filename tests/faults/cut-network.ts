import { setTimeout as pause } from "node:timers/promises";
import { inTurn, networksOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

const CUT_MS = 6_000;

/** Cuts one kind of service off Redis, another one in each round; connections are refused meanwhile. */
export async function cutNetwork(scene: FaultScene): Promise<void> {
  const network = inTurn(scene.turn, Object.values(networksOf(scene)));
  network.cut();
  await pause(CUT_MS);
  network.mend();
}
