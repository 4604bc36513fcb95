/**
 * Keeps a Cluster client from staying stuck. ioredis asks for the topology only when a command fails in one of the ways
 * that it knows, and a client whose known nodes are all gone tries those addresses for ever (redis/ioredis issues 587,
 * 1732; BullMQ's 3185 and 3088 are what that looks like from above). So the topology is asked for every other second, and when
 * no known node tells it any more, the client starts over from the addresses in the settings, names looked up anew.
 */
import type { Cluster } from "ioredis";
import type { Lifecycle } from "./lifecycle.ts";
import { repeat } from "./repeat.ts";
import { within } from "./within.ts";

/** How often the topology is asked for. One short connection to one node. */
export const TOPOLOGY_PAUSE_MS = 2_000;

/** Each node gets a second to answer; ioredis asks one after the other. */
const TOPOLOGY_MS_MAX = 8_000;

/** In a row, before the client starts over: one may meet a moment in which the asked nodes are busy with a failover. */
const FAILURES_MAX = 2;

/** Watches until the lifecycle stops. @param report hears why the client had to start over */
export function watchCluster(cluster: Cluster, lifecycle: Lifecycle, report: (reason: string) => void): void {
  let failures = 0;
  const look = async (): Promise<void> => {
    if (cluster.status !== "ready") return;
    try {
      await within(TOPOLOGY_MS_MAX, refreshTopology(cluster), "no node told the topology in time");
      failures = 0;
    } catch (error) {
      failures++;
      if (failures < FAILURES_MAX) return;
      failures = 0;
      report(`started over: ${error instanceof Error ? error.message : String(error)}`);
      cluster.disconnect(true);
    }
  };
  repeat("watch of the Cluster", TOPOLOGY_PAUSE_MS, look, lifecycle, () => {});
}

/** Asks for the topology now; concurrent callers share one asking. */
export function refreshTopology(cluster: Cluster): Promise<void> {
  return new Promise((resolve, reject) => {
    cluster.refreshSlotsCache((error) => (error ? reject(error) : resolve()));
  });
}
