/** Gives each vote its time. */
import type { RedisClock } from "../runtime/redis-clock.ts";

/** Bounds the memory if Redis's clock ever stands still. */
const STAMPED_MAX = 10_000;

/**
 * Two presses of one voter within a millisecond must not get the same stamp: they may travel in different jobs, jobs
 * have no order, and then the last press would not surely win. So the later one is stamped a millisecond later.
 */
export class Stamper {
  readonly #clock: Pick<RedisClock, "now">;
  /** Stamps that may still be repeated: those not older than the present millisecond. */
  readonly #stamped = new Map<string, number>();
  #newest_ms = 0;

  constructor(clock: Pick<RedisClock, "now">) {
    this.#clock = clock;
  }

  /** Redis time in ms for a vote of `voter` (a pseudonym), later than every stamp that the same voter got here before. */
  stamp(voter: string): number {
    const now_ms = this.#clock.now();
    if (now_ms > this.#newest_ms || this.#stamped.size >= STAMPED_MAX) this.#stamped.clear();
    const before_ms = this.#stamped.get(voter) ?? 0;
    const at_ms = Math.max(now_ms, before_ms + 1);
    this.#stamped.set(voter, at_ms);
    this.#newest_ms = Math.max(this.#newest_ms, at_ms);
    return at_ms;
  }
}
