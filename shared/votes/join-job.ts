/** The typed call of join-job.lua, and how a worker reads what joined. */
import type { Job } from "bullmq";
import { isMoving } from "../runtime/moving.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { VoteJobError } from "./vote-job.ts";

const JOIN = new Script(import.meta.url, "join-job.lua");

/**
 * Adds data to a job that no worker has taken yet.
 * @param replicas_min it is stored only once that many replicas have it
 * @param key the job's, in Redis
 * @returns whether it is in the job; then no worker sees the job without it. It is not while a Cluster moves the job
 * @throws what Redis said: then it may or may not be stored
 */
export async function joinJob(
  redis: RedisConnection,
  replicas_min: number,
  key: string,
  data: string,
): Promise<boolean> {
  try {
    return (await JOIN.runReplicated(redis, replicas_min, key, data)) === 1;
  } catch (error) {
    // BullMQ's own script, which makes a job, is sent again until the move is over.
    if (isMoving(error)) return false;
    throw error;
  }
}

/**
 * What joined a job that a worker was given, in the order in which it came: data as `toVoteJob` makes it, one for each commit.
 * @param key the job's, in Redis
 * @throws VoteJobError when it is not JSON; an error when it is not there; what Redis said
 */
export async function readJoined(
  redis: RedisConnection,
  key: string,
  job: Pick<Job, "progress">,
): Promise<readonly unknown[]> {
  if (job.progress === 0) return [];
  const log = await redis.lrange(`${key}:logs`, 0, -1);
  // Never seen, but the job must not end without them.
  if (log.length === 0) throw new Error("what joined the job is not there");
  try {
    return log.map((data): unknown => JSON.parse(data));
  } catch {
    throw new VoteJobError("what joined the job is not JSON");
  }
}
