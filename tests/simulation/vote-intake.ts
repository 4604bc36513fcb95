/** An API process: stamps votes, and commits them to the queue as the service does; only Redis is a model. */
import { GroupCommit } from "../../shared/votes/group-commit.ts";
import { NewestJob } from "../../shared/votes/newest-job.ts";
import { shardOf } from "../../shared/votes/shards.ts";
import { Stamper } from "../../shared/votes/stamper.ts";
import { type AcceptedVote, toVoteJob } from "../../shared/votes/vote-job.ts";
import type { Network } from "./network.ts";
import type { QueueModel } from "./queue-model.ts";

/** Small, so that full commits, second ones and full queues happen. */
const LIMITS = { itemsACommit_max: 8, waiting_max: 8, itemsASecond_min: 1 };

/** Redis's clock when a world begins, Unix ms. */
export const BEGAN_MS = 1_000_000;

export class VoteIntake {
  readonly #name: string;
  readonly #network: Network;
  readonly #stamper: Stamper;
  readonly #shards: readonly GroupCommit<AcceptedVote>[];
  #jobs = 0;

  /** @param shards a queue each */
  constructor(name: string, network: Network, shards: readonly QueueModel[]) {
    const { scheduler, random } = network;
    this.#name = name;
    this.#network = network;
    // One clock for all: Redis's, read with an error of some ms.
    this.#stamper = new Stamper({
      now: () => BEGAN_MS + Math.floor(scheduler.now_ms) + random.below(3),
    });
    this.#shards = shards.map((queue) => {
      const newest = new NewestJob(
        (key, data) => network.command(() => queue.join(key, data)),
        () => scheduler.now_ms,
      );
      return new GroupCommit<AcceptedVote>(
        (votes) => this.#store(queue, newest, votes),
        LIMITS,
        (run) => scheduler.after(0, run),
      );
    });
  }

  /**
   * @returns the vote's stamp, once it is stored
   * @throws CommitFullError; otherwise it may or may not be stored
   */
  async accept(vote: Omit<AcceptedVote, "at">): Promise<number> {
    const at = this.#stamper.stamp(vote.voter);
    await this.#shards[shardOf(vote.site, vote.page, this.#shards.length)]?.add({ ...vote, at });
    return at;
  }

  /** As shared/votes/vote-queue.ts does with BullMQ. */
  async #store(queue: QueueModel, newest: NewestJob, votes: readonly AcceptedVote[]): Promise<void> {
    if (await newest.join(votes)) return;
    const key = `${this.#name}-${++this.#jobs}`;
    await this.#network.command(() => queue.add(key, JSON.stringify(toVoteJob(votes))));
    newest.stored(key, votes.length);
  }
}
