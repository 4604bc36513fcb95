/**
 * Redis's clock, read without asking Redis each time: the offset between its `TIME` and our monotonic clock, refreshed now
 * and then. Two hosts whose own clocks disagree by minutes stamp votes alike, and a host whose clock is set back does not
 * notice.
 */

/** Monotonic milliseconds of this process; a parameter so that tests can pass time. */
export type Monotonic = () => number;

/** Pure part: given samples of Redis's clock, tells its time. */
export class RedisClock {
  readonly #monotonic: Monotonic;
  #offset_ms: number | undefined;
  #latest_ms = 0;

  constructor(monotonic: Monotonic = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** Whether a sample has arrived; before that there is no time to stamp with. */
  get ready(): boolean {
    return this.#offset_ms !== undefined;
  }

  /**
   * Takes one reading: `TIME` was asked at `asked_ms` and answered at `answered_ms` (both monotonic). Redis read its
   * clock somewhere between, so the middle is off by at most half of the round trip.
   */
  sample(redis_ms: number, asked_ms: number, answered_ms: number): void {
    this.#offset_ms = redis_ms - (asked_ms + answered_ms) / 2;
  }

  /** Whole milliseconds of Redis time; never goes back within a process. */
  now(): number {
    if (this.#offset_ms === undefined) throw new Error("Redis's clock has not been read yet");
    const now_ms = Math.floor(this.#monotonic() + this.#offset_ms);
    if (now_ms > this.#latest_ms) this.#latest_ms = now_ms;
    return this.#latest_ms;
  }
}

/** The one command the clock needs. */
export interface TimeSource {
  time(): Promise<readonly (number | string)[]>;
}

/** Longest round trip whose sample is taken: a slower one says too little about the middle. */
const ROUND_TRIP_MS_MAX = 500;

/** Asks Redis for its time once and gives the answer to the clock. Resolves to whether the sample was good enough. */
export async function readRedisClock(clock: RedisClock, redis: TimeSource): Promise<boolean> {
  const asked_ms = performance.now();
  const [seconds, microseconds] = await redis.time();
  const answered_ms = performance.now();
  if (clock.ready && answered_ms - asked_ms > ROUND_TRIP_MS_MAX) return false;
  clock.sample(Number(seconds) * 1_000 + Number(microseconds) / 1_000, asked_ms, answered_ms);
  return true;
}
