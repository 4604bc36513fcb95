// Step 3 of 7, the way of a vote; next: services/worker/tally-votes.ts, which takes the job.
/**
 * Group commit onto BullMQ: all votes that arrive while one commit of a shard is in flight become the next commit, which joins the
 * job before it (`NewestJob`) or is a job of its own. Whoever sent one of them hears 202 once the commit is stored.
 */
import { randomBytes } from "node:crypto";
import { Job, type JobsOptions, Queue } from "bullmq";
import { COMMAND_MS_MAX, type RedisConnection } from "../runtime/redis-connections.ts";
import { redisTime_ms } from "../runtime/redis-time.ts";
import { replicatedReply, WAIT_MS_MAX } from "../runtime/replicas.ts";
import { within } from "../runtime/within.ts";
import { GroupCommit, type GroupCommitLimits } from "./group-commit.ts";
import { joinJob } from "./join-job.ts";
import { NewestJob } from "./newest-job.ts";
import { QUEUE_NAME, shardOf, shardPrefix } from "./shards.ts";
import { type AcceptedVote, fromVoteJob, toVoteJob } from "./vote-job.ts";

/** A commit of one page fits three script calls of the tally; what waits is bounded so that an outage cannot fill the memory. */
const LIMITS: GroupCommitLimits = { itemsACommit_max: 500, waiting_max: 10_000, itemsASecond_min: 8 };

/** Told of every commit that came back: how many votes, how long, and whether it was stored. */
export type ObserveCommit = (votes: number, took_s: number, stored: boolean) => void;

/** A job that is stored. */
export interface StoredJob {
  readonly shard: number;
  readonly id: string;
}

/** A job failed for good; it is kept and can be sent again. */
export class JobFailedError extends Error {
  override readonly name = "JobFailedError";
}

/** Tries before a job is kept among the failed ones: half a minute in which Redis refused the script each time. */
const ATTEMPTS_MAX = 60;
const ATTEMPT_PAUSE_MS = 500;

const JOB_OPTIONS: JobsOptions = {
  removeOnComplete: true,
  // A job that failed for good holds votes that were answered 202: kept until someone sends it again.
  removeOnFail: false,
  attempts: ATTEMPTS_MAX,
  backoff: { type: "fixed", delay: ATTEMPT_PAUSE_MS },
};

/** How a queue is set up; what is left out has its default. */
export interface VoteQueueOptions {
  /** Number of shards; the same in every process. */
  readonly shards: number;
  /** A commit is stored only once that many replicas have it. */
  readonly replicas_min?: number;
  readonly observe?: ObserveCommit;
  readonly onError?: (error: Error) => void;
}

export class VoteQueue {
  readonly #redis: RedisConnection;
  readonly #replicas_min: number;
  readonly #observe: ObserveCommit;
  readonly #shards: readonly { readonly queue: Queue; readonly commit: GroupCommit<AcceptedVote> }[];
  /** Sets this process's job ids apart from all others. */
  readonly #process = randomBytes(9).toString("base64url");
  #commits = 0;

  /** @param redis a connection of the role `producer` */
  constructor(
    redis: RedisConnection,
    { shards, replicas_min = 0, observe = () => {}, onError = () => {} }: VoteQueueOptions,
  ) {
    this.#redis = redis;
    this.#replicas_min = replicas_min;
    this.#observe = observe;
    this.#shards = Array.from({ length: shards }, (_, shard) => {
      const queue = new Queue(QUEUE_NAME, {
        connection: redis,
        prefix: shardPrefix(shard),
        skipMetasUpdate: true,
        streams: { events: { maxLen: 100 } },
      });
      queue.on("error", onError);
      const newest = new NewestJob((...job) => joinJob(redis, replicas_min, ...job));
      const commit = new GroupCommit<AcceptedVote>((votes) => this.#store(queue, newest, votes), LIMITS);
      return { queue, commit };
    });
  }

  /**
   * Resolves once the vote is stored.
   * @throws CommitFullError, or what Redis or the clock said: then the vote may or may not be stored
   */
  add(vote: AcceptedVote): Promise<void> {
    const shard = this.#shards[shardOf(vote.site, vote.page, this.#shards.length)];
    if (shard === undefined) return Promise.reject(new Error("no such shard"));
    return shard.commit.add(vote);
  }

  /**
   * Stores votes of one page as a job that no worker takes before some time has passed; resolves once it is stored, however long
   * that takes: a worker has time.
   * @throws what Redis said: then the job may or may not be stored
   */
  async addLater(votes: readonly AcceptedVote[], pause_ms: number): Promise<void> {
    const [first] = votes;
    if (first === undefined) return;
    const shard = this.#shards[shardOf(first.site, first.page, this.#shards.length)];
    if (shard === undefined) throw new Error("no such shard");
    // When a job is due BullMQ reckons by the hosts' own clocks, here and where it is taken, so `timestamp` must be the host's. A worker
    // takes in time what it put off itself. What another put off it takes too soon, and puts it off again, or, should that other
    // one be gone, as much later as their clocks are apart: late, but not lost.
    await this.#addJob(shard.queue, QUEUE_NAME, toVoteJob(votes), {
      ...JOB_OPTIONS,
      jobId: this.#nextId("c"),
      delay: pause_ms,
    });
  }

  /**
   * Stores a job that is no commit of readers' votes, and resolves once it is stored.
   * @param turn the job goes to the shard of this number, modulo the number of shards
   * @throws what Redis or the clock said, or TooFewReplicasError: then the job may or may not be stored
   */
  async addJob(turn: number, name: string, data: object): Promise<StoredJob> {
    const shard = turn % this.#shards.length;
    const queue = this.#shards[shard]?.queue;
    if (queue === undefined) throw new Error("no such shard");
    const id = this.#nextId("j");
    const add = async (): Promise<void> =>
      this.#addJob(queue, name, data, { jobId: id, timestamp: await redisTime_ms(this.#redis) });
    await within(COMMAND_MS_MAX, add(), "Redis did not take the job in time");
    return { shard, id };
  }

  /**
   * Whether a worker is done with a job; asks Redis. Done jobs are removed at once, so one that is not there is done.
   * @throws JobFailedError when it failed for good and is kept
   */
  async isDone({ shard, id }: StoredJob): Promise<boolean> {
    const state = await this.#shards[shard]?.queue.getJobState(id);
    if (state === "failed") throw new JobFailedError(id);
    return state === "unknown" || state === "completed";
  }

  /** Votes that wait for a commit. */
  get waiting(): number {
    return this.#shards.reduce((sum, { commit }) => sum + commit.waiting, 0);
  }

  /** Jobs that are not done: waiting, put off, or in a worker's hands. Asks Redis. */
  async jobs(): Promise<number> {
    const counts = await Promise.all(
      this.#shards.map(({ queue }) => queue.getJobCountByTypes("wait", "delayed", "active")),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Jobs that failed for good and are kept. Asks Redis. */
  async failed(): Promise<number> {
    const counts = await Promise.all(this.#shards.map(({ queue }) => queue.getFailedCount()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** How long the oldest waiting job has waited by Redis time, ms; 0 when none waits. Asks Redis. */
  async backlogAge_ms(): Promise<number> {
    const oldest = await Promise.all(
      this.#shards.flatMap(({ queue }) => [
        queue.getJobs(["wait"], 0, 0, true),
        queue.getJobs(["delayed"], 0, 0, true),
      ]),
    );
    const stamps = oldest.flat().map(storedAt_ms);
    if (stamps.length === 0) return 0;
    return Math.max(0, (await redisTime_ms(this.#redis)) - Math.min(...stamps));
  }

  /** Lets commits in flight come back, then lets go of the queues. */
  async close(): Promise<void> {
    await Promise.all(this.#shards.map(({ commit }) => commit.settled()));
    await Promise.all(this.#shards.map(({ queue }) => queue.close()));
  }

  async #store(queue: Queue, newest: NewestJob, votes: readonly AcceptedVote[]): Promise<void> {
    const began_ms = performance.now();
    const store = async (): Promise<void> => {
      if (await newest.join(votes)) return;
      // By Redis time, as the stamps of its votes are: hosts' clocks may be minutes apart.
      const options = { ...JOB_OPTIONS, jobId: this.#nextId("c"), timestamp: votes[0]?.at ?? 0 };
      await this.#addJob(queue, QUEUE_NAME, toVoteJob(votes), options);
      newest.stored(queue.toKey(options.jobId), votes.length);
    };
    let stored = false;
    try {
      // BullMQ waits for a connection that never was; a reader must not.
      await within(COMMAND_MS_MAX, store(), "Redis did not take the commit in time");
      stored = true;
    } finally {
      this.#observe(votes.length, (performance.now() - began_ms) / 1_000, stored);
    }
  }

  /** An id that makes a re-sent command harmless: BullMQ adds no second job under an id that it has. It must not be a number. */
  #nextId(kind: string): string {
    return `${kind}${this.#process}-${++this.#commits}`;
  }

  /** Resolves once the job is stored, on as many replicas as are asked for. */
  async #addJob(
    queue: Queue,
    name: string,
    data: object,
    options: JobsOptions & { readonly jobId: string },
  ): Promise<void> {
    if (this.#replicas_min === 0) {
      await queue.add(name, data, options);
      return;
    }
    const pipeline = (await queue.backend.client).pipeline();
    // BullMQ takes a pipeline for a job that it can put among others; the script's reply comes with exec.
    await new Job(queue, name, data, options, options.jobId).addJob(pipeline);
    pipeline.runCommand("wait", [this.#replicas_min, WAIT_MS_MAX]);
    replicatedReply(this.#redis, await pipeline.exec(), this.#replicas_min);
  }
}

/**
 * When a job was stored, by Redis time, ms. Of one that was stored to be taken later `timestamp` is a host's; its votes came a moment
 * before.
 */
function storedAt_ms({ opts, data, timestamp }: Job<unknown>): number {
  if (opts.delay === undefined || opts.delay === 0) return timestamp;
  return fromVoteJob(data)[0]?.at ?? timestamp;
}
