import { setTimeout as pause } from "node:timers/promises";
import { now_ms } from "./rig/clock.ts";
import { everyPageVotes } from "./rig/every-page-votes.ts";
import { expectRefusals, masterOfVotes, replicaOf } from "./rig/master-of-votes.ts";
import { clusterOf } from "./rig/parts-of-bed.ts";
import { provideFile } from "./rig/provide-file.ts";
import type { FaultScene } from "./rig/round.ts";

/** Long enough for the majority to miss the minority, to elect, and to take votes for a while. */
const CUT_MS = 8_000;

/**
 * Cuts the network between a minority of the Cluster and the rest, while the services reach both sides. The minority is one
 * master, and every other time its replica with it: alone it keeps taking writes that its successor will not have, until it
 * notices; with its replica it also confirms them, and nobody succeeds it.
 */
export async function clusterCutMinority(scene: FaultScene): Promise<void> {
  await provideFile("/usr/sbin/iptables", "iptables");
  const cluster = clusterOf(scene);
  const port = await masterOfVotes(scene);
  const minority = scene.random.chance(0.5) ? [port] : [port, await replicaOf(scene, port)];
  const cut_ms = now_ms();
  const mend = await cluster.cutOff(minority);
  try {
    await pause(CUT_MS);
  } finally {
    await mend();
  }
  const mended_ms = now_ms();
  await everyPageVotes(scene, mended_ms);
  expectRefusals(scene, cut_ms);
  await cluster.replicated();
}
