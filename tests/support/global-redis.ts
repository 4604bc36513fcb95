/**
 * One Redis for a whole run of tests, or one Cluster: see redis-place. It is never emptied: each test takes a site id or
 * pages of its own, so that files may run at the same time. A test that kills or freezes Redis starts its own.
 */
import type {} from "vitest";
import type { TestProject } from "vitest/node";
import { clusterPlace } from "./redis-place.ts";
import { startTestCluster } from "./test-cluster.ts";
import { startTestRedis } from "./test-redis.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Of the shared Redis: `inject("redisUrl")`. A place as in redis-place. */
    redisUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.TEST_REDIS === "cluster") {
    const cluster = await startTestCluster();
    project.provide("redisUrl", clusterPlace(cluster.nodes));
    return () => cluster.stop();
  }
  const redis = await startTestRedis();
  project.provide("redisUrl", redis.url);
  return () => redis.stop();
}
