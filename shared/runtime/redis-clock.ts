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

/** Readings of which the quickest is taken: a process that starts, or is busy, takes notice of an answer late. */
const READINGS = 4;

interface Reading {
  readonly redis_ms: number;
  readonly asked_ms: number;
  readonly answered_ms: number;
}

/**
 * Asks Redis for its time a few times and gives the quickest answer to the clock. Resolves to whether it was good enough.
 * @param monotonic the clock's
 */
export async function readRedisClock(
  clock: RedisClock,
  redis: TimeSource,
  monotonic: Monotonic = () => performance.now(),
): Promise<boolean> {
  let quickest = await readOnce(redis, monotonic);
  for (let n = 1; n < READINGS; n++) {
    const reading = await readOnce(redis, monotonic);
    if (roundTrip_ms(reading) < roundTrip_ms(quickest)) quickest = reading;
  }
  if (clock.ready && roundTrip_ms(quickest) > ROUND_TRIP_MS_MAX) return false;
  clock.sample(quickest.redis_ms, quickest.asked_ms, quickest.answered_ms);
  return true;
}

async function readOnce(redis: TimeSource, monotonic: Monotonic): Promise<Reading> {
  const asked_ms = monotonic();
  const [seconds, microseconds] = await redis.time();
  return {
    redis_ms: Number(seconds) * 1_000 + Number(microseconds) / 1_000,
    asked_ms,
    answered_ms: monotonic(),
  };
}

const roundTrip_ms = ({ asked_ms, answered_ms }: Reading): number => answered_ms - asked_ms;
