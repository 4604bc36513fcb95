/**
 * A BullMQ worker that takes jobs in rounds: what waits, together, and then nothing for some milliseconds. BullMQ's own loop
 * asks for one job after the other. Where commits are small, most of what a vote costs is that asking: each step of each job is
 * a wake-up on both sides and a sync of Redis's file, while jobs that are taken, tallied and ended together share theirs.
 */
import { setTimeout as pause } from "node:timers/promises";
import { DelayedError, type Job, type Processor, Worker, type WorkerOptions } from "bullmq";

/** Most jobs that Redis is asked for at a time: it serves nobody else meanwhile. */
const JOBS_AT_A_TIME = 50;

export interface JobTakerOptions extends Omit<WorkerOptions, "autorun" | "concurrency"> {
  /** Most jobs in hand. */
  readonly places: number;
  /** From the beginning of a round to the next one; a job that comes later than that after the last round is taken at once. */
  readonly round_ms: number;
  /** How long to wait when Redis would give none, ms. */
  readonly runRetryDelay: number;
}

export class JobTaker extends Worker<unknown> {
  readonly #places: number;
  readonly #round_ms: number;
  readonly #retry_ms: number;
  readonly #inHand = new Set<Promise<void>>();
  /** Each job is locked in a name of its own. */
  #asked = 0;

  /**
   * Begins at once, and emits whatever goes wrong as `error`.
   * @param process does one job; what it throws is handled as by any BullMQ worker
   */
  constructor(queue: string, process: Processor<unknown>, { places, round_ms, ...options }: JobTakerOptions) {
    super(queue, process, { ...options, autorun: false });
    this.#places = places;
    this.#round_ms = round_ms;
    this.#retry_ms = options.runRetryDelay;
    this.run().catch((error: Error) => this.emit("error", error));
  }

  /** Takes jobs until the worker is closed; `close` waits for those in hand. */
  override async run(): Promise<void> {
    await this.startStalledCheckTimer();
    this.lockManager.start();
    this.mainLoopRunning = this.#takeUntilClosed();
    await this.mainLoopRunning;
  }

  async #takeUntilClosed(): Promise<void> {
    while (this.closing === undefined) {
      while (this.#inHand.size >= this.#places) await Promise.race(this.#inHand);
      try {
        const first = await this.#ask({ block: true });
        const next_ms = performance.now() + this.#round_ms;
        if (first !== undefined) await this.#takeWith(first);
        await pause(Math.max(0, next_ms - performance.now()));
      } catch (error) {
        if (this.closing !== undefined) break;
        this.emit("error", error instanceof Error ? error : new Error(String(error)));
        await pause(this.#retry_ms);
      }
    }
    await Promise.all(this.#inHand);
  }

  /** Takes what else waits. */
  async #takeWith(first: Job<unknown>): Promise<void> {
    this.#begin(first);
    // Asking for a job that is not there costs as much as being given one, so that what is there is counted first.
    for (let left = await this.#count(); left > 0; left -= JOBS_AT_A_TIME) {
      const asked = Math.min(left, JOBS_AT_A_TIME, this.#places - this.#inHand.size);
      // A job that was given must be done, whatever became of the others. If Redis refused one, the next round hears of it.
      const answers = await Promise.allSettled(
        Array.from({ length: asked }, () => this.#ask({ block: false })),
      );
      for (const answer of answers)
        if (answer.status === "fulfilled" && answer.value) this.#begin(answer.value);
    }
  }

  /** Jobs that wait at this moment. Those that were put off and are due are among them: the round's first asking put them there. */
  async #count(): Promise<number> {
    return (await this.backend.client).llen(this.toKey("wait"));
  }

  /** @param block whether to wait for a job when none is there */
  async #ask({ block }: { readonly block: boolean }): Promise<Job<unknown> | undefined> {
    return await this.getNextJob(`${this.id}:${this.#asked++}`, { block });
  }

  /**
   * Only ends the job. BullMQ's own method takes the reply for word of the next job: where none was asked for it forgets when the
   * next delayed job is due, and then sleeps through it.
   * @returns the job, for want of a next one
   */
  protected override async handleCompleted(
    result: unknown,
    job: Job<unknown>,
    token: string,
  ): Promise<Job<unknown>> {
    if (this.backend.closing) return job;
    await job.moveToCompleted(result, token, false);
    this.emit("completed", job, result, "active");
    return job;
  }

  /** The same for a job that failed. One that was put off has been moved already. */
  protected override async handleFailed(
    error: Error,
    job: Job<unknown>,
    token: string,
  ): Promise<Job<unknown>> {
    if (this.backend.closing || error instanceof DelayedError) return job;
    await job.moveToFailed(error, token, false);
    this.emit("failed", job, error, "active");
    return job;
  }

  #begin(job: Job<unknown>): void {
    const done = this.processJob(job, job.token ?? "", () => false)
      .then(
        () => {},
        (error: Error) => void this.emit("error", error),
      )
      .finally(() => this.#inHand.delete(done));
    this.#inHand.add(done);
  }
}
