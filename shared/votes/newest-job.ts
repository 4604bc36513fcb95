/**
 * The job that this process stored last in a shard. The next commits join it for as long as no worker has taken it: what a job
 * costs by itself, some three script calls and a wake-up of the worker, is then paid once for all of them. Nobody waits for
 * it: a commit that comes too late becomes a job of its own.
 */
import { type AcceptedVote, toVoteJob } from "./vote-job.ts";

/** More would save nothing: that is what comes in a round when much comes. A worker does a job as a whole. */
const VOTES_A_JOB_MAX = 1_000;

/**
 * Workers take jobs in rounds that begin so far apart, ms. Less than half of what pages wait for each other (`PageCalls`), so that it
 * is not what viewers wait for.
 */
export const ROUND_MS = 20;

/** Adds data to the job under `key`, and resolves to whether it is in: see `joinJob`. */
export type JoinJob = (key: string, data: string) => Promise<boolean>;

export class NewestJob {
  readonly #join: JoinJob;
  readonly #now_ms: () => number;
  #key: string | undefined;
  #votes = 0;
  #heard_ms = 0;

  /** @param now_ms monotonic milliseconds */
  constructor(join: JoinJob, now_ms = () => performance.now()) {
    this.#join = join;
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
    const joined = await this.#join(key, JSON.stringify(toVoteJob(votes)));
    // Another job may have become the newest meanwhile.
    if (this.#key === key) {
      if (joined) this.#heard_ms = this.#now_ms();
      else this.#key = undefined;
    }
    return joined;
  }
}
