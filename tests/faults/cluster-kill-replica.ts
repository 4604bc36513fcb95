import { setTimeout as pause } from "node:timers/promises";
import { now_ms } from "./rig/clock.ts";
import { everyPageVotes } from "./rig/every-page-votes.ts";
import { expectRefusals, masterOfVotes, replicaOf } from "./rig/master-of-votes.ts";
import { clusterOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

const AWAY_MS = 4_000;

/** Kills a replica of the Cluster: its master takes no votes, which would be safe nowhere else, until it is back. */
export async function clusterKillReplica(scene: FaultScene): Promise<void> {
  const cluster = clusterOf(scene);
  const port = await replicaOf(scene, await masterOfVotes(scene));
  const killed_ms = now_ms();
  await cluster.kill(port);
  await pause(AWAY_MS);
  expectRefusals(scene, killed_ms);
  const back_ms = now_ms();
  await cluster.restart(port);
  await everyPageVotes(scene, back_ms);
  await cluster.replicated();
}
