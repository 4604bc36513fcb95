/** What BullMQ keeps in Redis of the jobs of votes, as a Map. */

interface KeptJob {
  /** What was stored, and what joined it. */
  readonly commits: string[];
  /** Which taking of it was the last; 0 before a worker had it. */
  lock: number;
}

/** What a worker gets with a job. */
export interface TakenJob {
  readonly commits: readonly string[];
  readonly lock: number;
}

export class QueueModel {
  readonly #jobs = new Map<string, KeptJob>();
  readonly #added: (key: string) => void;
  #locks = 0;

  /** @param added told of each new job; not of one whose key is there */
  constructor(added: (key: string) => void) {
    this.#added = added;
  }

  get size(): number {
    return this.#jobs.size;
  }

  add(key: string, data: string): void {
    if (this.#jobs.has(key)) return;
    this.#jobs.set(key, { commits: [data], lock: 0 });
    this.#added(key);
  }

  /** As join-job.lua does. */
  join(key: string, data: string): boolean {
    const job = this.#jobs.get(key);
    if (job === undefined || job.lock > 0) return false;
    job.commits.push(data);
    return true;
  }

  /** All that is in a job, which nothing joins from now on; undefined when it is gone. */
  take(key: string): TakenJob | undefined {
    const job = this.#jobs.get(key);
    if (job === undefined) return undefined;
    job.lock = ++this.#locks;
    return job;
  }

  /**
   * Only for whoever took it last, as BullMQ asks for the lock of the job: under its key there may be another by now, stored by a
   * command that was sent again after the first had been done.
   */
  end(key: string, lock: number): void {
    if (this.#jobs.get(key)?.lock === lock) this.#jobs.delete(key);
  }
}
