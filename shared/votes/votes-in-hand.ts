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
   * One more vote; `leave` follows, whatever becomes of it. Two calls and no function around the work: every vote pays for this.
   * @throws Refusal `overloaded` when there are too many: then it is not counted
   */
  enter(): void {
    if (this.#count >= this.#most) throw new Refusal("overloaded");
    this.#count++;
  }

  leave(): void {
    this.#count--;
  }
}
