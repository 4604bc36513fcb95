import { setTimeout as pause } from "node:timers/promises";
import { inTurn, networksOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

const ONE_WAY_MS = 6_000;

/**
 * What one kind of service says reaches Redis, or what Redis answers reaches the service, but not both; nobody is told. Each
 * kind and way has its round.
 */
export async function oneWayNetwork(scene: FaultScene): Promise<void> {
  const ways = Object.values(networksOf(scene)).flatMap((network) =>
    (["up", "down"] as const).map((way) => ({ network, way })),
  );
  const { network, way } = inTurn(scene.turn, ways);
  network.swallow(way);
  await pause(ONE_WAY_MS);
  network.mend();
}
