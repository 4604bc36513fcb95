import { setTimeout as pause } from "node:timers/promises";
import { pageKeys } from "../../shared/tallies/page-keys.ts";
import { shardPrefix } from "../../shared/votes/shards.ts";
import { clusterOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

/** How long a slot stands between two masters, some of its keys here and some there. */
const BETWEEN_MS = 500;
const SLOTS = 100;

/** Moves the slot of a page and that of a queue shard, slowly, and then a range of slots, all from one master to another. */
export async function clusterMoveSlots(scene: FaultScene): Promise<void> {
  const cluster = clusterOf(scene);
  const { random, pages, bed } = scene;
  const keys = [
    pageKeys("default", random.pick(pages)).hash,
    `${shardPrefix(random.below(bed.shards))}:wait`,
  ];
  for (const key of keys) {
    const from = await cluster.masterOf(key);
    const to = random.pick((await cluster.masters()).filter(({ port }) => port !== from)).port;
    const move = await cluster.beginMove(key, from, to);
    await pause(BETWEEN_MS);
    await move.finish();
    await cluster.settled();
  }
  const [from, to] = await cluster.masters();
  if (from === undefined || to === undefined) throw new Error("a Cluster has masters");
  await cluster.moveSlots(SLOTS, from.port, to.port);
}
