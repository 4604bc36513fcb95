/** What BullMQ keeps in Redis of the jobs of votes, as a Map. */

interface KeptJob {
  /** What was stored, and what joined it. */
  readonly commits: string[];
  /** A worker has it, or had it once. */
  taken: boolean;
}

export class QueueModel {
  readonly #jobs = new Map<string, KeptJob>();
  readonly #added: (key: string) => void;

  /** @param added told of each new job; not of one whose key is there */
  constructor(added: (key: string) => void) {
    this.#added = added;
  }

  get size(): number {
    return this.#jobs.size;
  }

  add(key: string, data: string): void {
    if (this.#jobs.has(key)) return;
    this.#jobs.set(key, { commits: [data], taken: false });
    this.#added(key);
  }

  /** As join-job.lua does. */
  join(key: string, data: string): boolean {
    const job = this.#jobs.get(key);
    if (job === undefined || job.taken) return false;
    job.commits.push(data);
    return true;
  }

  /** All that is in a job, which nothing joins from now on; undefined when it is gone. */
  take(key: string): readonly string[] | undefined {
    const job = this.#jobs.get(key);
    if (job !== undefined) job.taken = true;
    return job?.commits;
  }

  end(key: string): void {
    this.#jobs.delete(key);
  }
}
