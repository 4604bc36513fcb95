import { setTimeout as pause } from "node:timers/promises";
import { networksOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

const ONE_WAY_MS = 6_000;

/** What one kind of service says reaches Redis, or what Redis answers reaches the service, but not both; nobody is told. */
export async function oneWayNetwork(scene: FaultScene): Promise<void> {
  const network = scene.random.pick(Object.values(networksOf(scene)));
  network.swallow(scene.random.pick(["up", "down"]));
  await pause(ONE_WAY_MS);
  network.mend();
}
