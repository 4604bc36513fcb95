/**
 * Where the Redis of a test is: a URL, or for a Cluster `cluster:host:port,host:port,…`. With `TEST_REDIS=cluster`
 * (`npm run test:cluster`) the shared one is a Cluster, and the same tests run on it.
 */

import { readConfig } from "../../shared/runtime/config.ts";
import type { RedisAddress } from "../../shared/runtime/redis-address.ts";

const CLUSTER = "cluster:";

/** The place of a Cluster, given its nodes. */
export function clusterPlace(nodes: string): string {
  return `${CLUSTER}${nodes}`;
}

/** Whether a place is a Cluster. Tests that speak to one Redis in ways that a Cluster has not say so with it. */
export function isCluster(place: string): boolean {
  return place.startsWith(CLUSTER);
}

/** The settings that lead a service to a place. */
export function redisEnv(place: string): Readonly<Record<string, string>> {
  return isCluster(place) ? { REDIS_CLUSTER: place.slice(CLUSTER.length) } : { REDIS_URL: place };
}

/** The same, for a connection. */
export function redisAddress(place: string): RedisAddress {
  return readConfig(redisEnv(place));
}
