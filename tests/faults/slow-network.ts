import { setTimeout as pause } from "node:timers/promises";
import { networksOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

const SLOW_MS = 5_000;

/** Every message of every service takes 100 to 400 ms longer each way. */
export async function slowNetwork(scene: FaultScene): Promise<void> {
  const networks = Object.values(networksOf(scene));
  for (const network of networks) network.slow(100 + scene.random.below(300));
  await pause(SLOW_MS);
  for (const network of networks) network.mend();
}
