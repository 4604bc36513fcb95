/** The masters of a Cluster that a fault must meet to be felt: those that votes of this round are committed on. */
import { shardOf, shardPrefix } from "../../../shared/votes/shards.ts";
import { clusterOf } from "./parts-of-bed.ts";
import type { FaultScene } from "./round.ts";

/** The port of one of them. */
export async function masterOfVotes(scene: FaultScene): Promise<number> {
  const { bed, pages, random } = scene;
  const shard = shardOf("default", random.pick(pages), bed.shards);
  return await clusterOf(scene).masterOf(`${shardPrefix(shard)}:wait`);
}

/** The port of the replica that a master has. */
export async function replicaOf(scene: FaultScene, master: number): Promise<number> {
  const told = await clusterOf(scene).ask(master, "INFO", "replication");
  const port = Number(/^slave0:.*\bport=(\d+)/m.exec(told)?.[1]);
  if (Number.isNaN(port)) throw new Error(`the master on ${master} has no replica`);
  return port;
}

/** @throws when every vote since `since_ms` (Unix ms) was accepted: then the fault hit nothing */
export function expectRefusals({ history }: FaultScene, since_ms: number): void {
  const refused = history.votes.some(({ began_ms, at }) => began_ms >= since_ms && at === undefined);
  if (!refused) throw new Error("every vote was accepted all the same");
}
