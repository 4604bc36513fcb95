/**
 * The job that this process stored last in a shard. The next commits join it for as long as no worker has taken it: what a job
 * costs by itself, some three script calls and a wake-up of the worker, is then paid once for all of them. Nobody waits for
 * it: a commit that comes too late becomes a job of its own.
 */
import type { Job } from "bullmq";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { type AcceptedVote, toVoteJob, VoteJobError } from "./vote-job.ts";

const JOIN = new Script(import.meta.url, "join-job.lua");

/** More would save nothing: that is what comes in a round when much comes. A worker does a job as a whole. */
const VOTES_A_JOB_MAX = 1_000;

/**
 * Workers take jobs in rounds that begin so far apart, ms. Less than half of what pages wait for each other (`PageCalls`), so that it
 * is not what viewers wait for.
 */
export const ROUND_MS = 20;

export class NewestJob {
  readonly #redis: RedisConnection;
  readonly #replicas_min: number;
  readonly #now_ms: () => number;
  #key: string | undefined;
  #votes = 0;
  #heard_ms = 0;

  /**
   * @param replicas_min what joins a job is stored only once that many replicas have it
   * @param now_ms monotonic milliseconds
   */
  constructor(redis: RedisConnection, replicas_min: number, now_ms = () => performance.now()) {
    this.#redis = redis;
    this.#replicas_min = replicas_min;
    this.#now_ms = now_ms;
  }

  /** A job of so many votes was stored under `key`. */
  stored(key: string, votes: number): void {
    this.#key = key;
    this.#votes = votes;
    this.#heard_ms = this.#now_ms();
  }

  /**
   * Adds the votes to the job, unless a worker may have taken it, it has been done, or it is full.
   * @returns whether they are in the job; then no worker sees it without them
   * @throws what Redis said: then they may or may not be stored, and may be stored once more
   */
  async join(votes: readonly AcceptedVote[]): Promise<boolean> {
    const key = this.#key;
    // A job that was heard of longer ago than that has most likely been taken; asking would be in vain.
    if (key === undefined || this.#now_ms() - this.#heard_ms > ROUND_MS) return false;
    if (this.#votes + votes.length > VOTES_A_JOB_MAX) return false;
    this.#votes += votes.length;
    const data = JSON.stringify(toVoteJob(votes));
    const joined = (await JOIN.runReplicated(this.#redis, this.#replicas_min, key, data)) === 1;
    // Another job may have become the newest meanwhile.
    if (this.#key === key) {
      if (joined) this.#heard_ms = this.#now_ms();
      else this.#key = undefined;
    }
    return joined;
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
