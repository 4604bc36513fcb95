/** A worker process: takes jobs, and merges their votes into calls of the tally as the service does; only Redis is a model. */
import { PageCalls } from "../../services/worker/page-calls.ts";
import { tallyVotes } from "../../services/worker/tally-votes.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import type { Network } from "./network.ts";
import type { QueueModel } from "./queue-model.ts";

/** One atomic step of Redis. */
export type TallyStep = (page: string, votes: readonly AcceptedVote[]) => void;

/** After a failure a job comes again so soon, ms. */
const PUT_OFF_MS = 500;

export class TallyWorker {
  readonly #network: Network;
  readonly #calls: PageCalls;

  constructor(network: Network, step: TallyStep) {
    this.#network = network;
    this.#calls = new PageCalls(
      (_site, page, votes) => network.command(() => step(page, votes)),
      (pause_ms, run) => network.scheduler.every(pause_ms, run),
    );
  }

  /** Does a job until it is done. */
  async work(queue: QueueModel, key: string): Promise<void> {
    const job = queue.take(key);
    if (job === undefined) return;
    const { commits, lock } = job;
    try {
      await tallyVotes(
        commits.map((data): unknown => JSON.parse(data)),
        (...call) => this.#calls.tally(...call),
      );
      queue.end(key, lock);
    } catch {
      this.#network.later(PUT_OFF_MS, () => void this.work(queue, key));
    }
  }
}
