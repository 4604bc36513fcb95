/**
 * How often something may happen, for any number of names in a fixed amount of memory: the generic cell rate algorithm
 * (ITU-T I.371), which keeps one number a name: when its bucket will be full again. Names that fall on the same slot share
 * a bucket, so the table is far larger than what is busy at a time.
 */

/** Half a megabyte. */
const SLOTS = 65_536;

const ROUNDING_MS = 1e-3;

export class TokenBuckets {
  readonly #fullAt_ms = new Float64Array(SLOTS);
  readonly #pause_ms: number;
  readonly #burst_ms: number;

  /**
   * @param rate_s times a second in the long run
   * @param burst times at once after a rest
   */
  constructor(rate_s: number, burst: number) {
    this.#pause_ms = 1_000 / rate_s;
    this.#burst_ms = burst * this.#pause_ms;
  }

  /**
   * Takes a token, or as many as `cost` says.
   * @param name evenly spread
   * @param now_ms of a clock that does not go back
   * @returns 0, or after how many ms there will be enough: then none was taken
   */
  take(name: number, now_ms: number, cost = 1): number {
    const slot = name % SLOTS;
    const full_ms = Math.max(this.#fullAt_ms[slot] ?? 0, now_ms) + this.#pause_ms * cost;
    // Rounding must not refuse the last token of a bucket.
    const wait_ms = full_ms - now_ms - this.#burst_ms;
    if (wait_ms > ROUNDING_MS) return wait_ms;
    this.#fullAt_ms[slot] = full_ms;
    return 0;
  }
}
