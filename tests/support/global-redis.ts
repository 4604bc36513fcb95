/**
 * One Redis for a whole run of tests. It is never emptied: each test takes a site id of its own, so that files may run at
 * the same time. A test that kills or freezes Redis starts its own with `startTestRedis`.
 */
import type {} from "vitest";
import type { TestProject } from "vitest/node";
import { startTestRedis } from "./test-redis.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Of the shared Redis: `inject("redisUrl")`. */
    redisUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await startTestRedis();
  project.provide("redisUrl", redis.url);
  return () => redis.stop();
}
