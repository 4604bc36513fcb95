import { now_ms } from "./rig/clock.ts";
import { everyPageVotes } from "./rig/every-page-votes.ts";
import { expectRefusals, masterOfVotes } from "./rig/master-of-votes.ts";
import { clusterOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

/**
 * Kills a master of the Cluster; its replica takes over. The successor has no replica of its own and takes no votes until
 * the killed one is back, as that one's supervisor sees to once it has been replaced.
 */
export async function clusterKillMaster(scene: FaultScene): Promise<void> {
  const cluster = clusterOf(scene);
  const port = await masterOfVotes(scene);
  const killed_ms = now_ms();
  await cluster.kill(port);
  await cluster.settled();
  await cluster.restart(port);
  await everyPageVotes(scene, killed_ms);
  expectRefusals(scene, killed_ms);
  await cluster.replicated();
}
