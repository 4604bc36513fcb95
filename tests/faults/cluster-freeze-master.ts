import { setTimeout as pause } from "node:timers/promises";
import { now_ms } from "./rig/clock.ts";
import { everyPageVotes } from "./rig/every-page-votes.ts";
import { expectRefusals, masterOfVotes } from "./rig/master-of-votes.ts";
import { clusterOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

const FROZEN_MS = 8_000;

/**
 * Cuts a minority off: a master that nobody hears of any more, and that hears of nobody, while its connections stand. Its
 * replica takes over; when it wakes it still takes itself for a master, with commands of before in its buffers.
 */
export async function clusterFreezeMaster(scene: FaultScene): Promise<void> {
  const cluster = clusterOf(scene);
  const port = await masterOfVotes(scene);
  const frozen_ms = now_ms();
  cluster.pause(port);
  await pause(FROZEN_MS);
  const woken_ms = now_ms();
  cluster.resume(port);
  await everyPageVotes(scene, woken_ms);
  expectRefusals(scene, frozen_ms);
  await cluster.replicated();
}
