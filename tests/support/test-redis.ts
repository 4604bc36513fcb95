/** A real Redis for a test, which it may kill: in a container where an engine answers, else as a child process. */
import { engineAnswers } from "../../services/standalone/probe-system.ts";
import { startRedisContainer } from "./redis-container.ts";
import { startRedisProcess } from "./redis-process.ts";

/** A Redis that does what a test wants of it. The settings are those of `npm start`. */
export interface TestRedis {
  /** Stays the same through kill and restart. */
  readonly url: string;
  /** Ends it as a crash would. It stays away until `restart`. */
  kill(): Promise<void>;
  /** Starts it anew on the same port with the same data, ending it first when it runs. Resolves when it serves. */
  restart(): Promise<void>;
  /** Freezes it: connections stay open, nothing is answered. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends it and takes its data away; safe to call twice, in any state. */
  stop(): Promise<void>;
}

/** Starts one; the caller stops it. A container that was asked for by TEST_REDIS_IMAGE is not replaced by a process. */
export async function startTestRedis(): Promise<TestRedis> {
  const image = process.env.TEST_REDIS_IMAGE;
  if (image) return startRedisContainer(image);
  if (!(await engineAnswers())) return startRedisProcess();
  try {
    return await startRedisContainer("redis:7.4");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.warn(`No container for tests (${why}); using a process instead.`);
    return startRedisProcess();
  }
}
