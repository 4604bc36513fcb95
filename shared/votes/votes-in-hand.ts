/** The votes that a process has in hand, wherever they wait: for a voter's limits, for a page's state, for their commit. */
import { Refusal } from "../contract/problems.ts";

/** A commit's shard holds half as many, so that a shard which is slow leaves room for the others. One takes a few kB. */
const IN_HAND_MAX = 20_000;

export class VotesInHand {
  readonly #most: number;
  #count = 0;

  constructor(most = IN_HAND_MAX) {
    this.#most = most;
  }

  /**
   * Does what is to be done with one more vote.
   * @throws Refusal `overloaded` when there are too many: then nothing was done
   */
  async hold<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#count >= this.#most) throw new Refusal("overloaded");
    this.#count++;
    try {
      return await work();
    } finally {
      this.#count--;
    }
  }
}
