/**
 * Tells when viewers come faster than a busy process can let them in, as they do when another process died or a balancer started
 * again. Then letting them in goes before telling those who are in.
 */
import { performance } from "node:perf_hooks";

/** From one look to the next, ms at least. */
const LOOK_MS = 100;

/** A process that did nothing for less than this share of the time has none to spare. */
const SPARE_SHARE = 0.25;

/**
 * Letting in a viewer takes about half a millisecond: so many a second are more than the usual coming and going. A viewer of several
 * pages, each of which is read for it, counts once for each.
 */
const VIEWERS_A_SECOND = 200;

export interface RushTimes {
  /** Monotonic milliseconds. */
  readonly now_ms: () => number;
  /** For how long the process had nothing to do so far, in milliseconds. */
  readonly idle_ms: () => number;
}

const SYSTEM_TIMES: RushTimes = {
  now_ms: () => performance.now(),
  idle_ms: () => performance.eventLoopUtilization().idle,
};

export class Rush {
  readonly #times: RushTimes;
  #last: { readonly at_ms: number; readonly idle_ms: number };
  #came = 0;
  #on = false;

  constructor(times: RushTimes = SYSTEM_TIMES) {
    this.#times = times;
    this.#last = { at_ms: times.now_ms(), idle_ms: times.idle_ms() };
  }

  /** One viewer of one page more. */
  came(): void {
    this.#came++;
  }

  /** Whether it is one: of the time since the last look. */
  get on(): boolean {
    const at_ms = this.#times.now_ms();
    const passed_ms = at_ms - this.#last.at_ms;
    if (passed_ms < LOOK_MS) return this.#on;
    const idle_ms = this.#times.idle_ms();
    this.#on =
      idle_ms - this.#last.idle_ms < SPARE_SHARE * passed_ms &&
      this.#came * 1_000 >= VIEWERS_A_SECOND * passed_ms;
    this.#last = { at_ms, idle_ms };
    this.#came = 0;
    return this.#on;
  }
}
