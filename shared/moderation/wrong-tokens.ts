/**
 * Slows down whoever tries tokens: each failure of a network makes its next answer later, and after a few within a minute
 * nothing of it is checked any more. Pure: time is passed in. Two generations bound the memory: when the young one is
 * full or a minute old, the old one goes.
 */

/** Failures of one network within a minute after which it is turned away, right token or not. */
export const FAILURES_MAX = 10;
/** Of an IPv6 /48, whose networks one host may have all to itself. */
export const FAILURES_NEARBY_MAX = 100;

const NETWORKS_MAX = 10_000;
const MINUTE_MS = 60_000;
const FIRST_DELAY_MS = 100;
const DELAY_MS_MAX = 2_000;

export class WrongTokens {
  readonly #failures_max: number;
  #young = new Map<string, number>();
  #old = new Map<string, number>();
  #begun_ms = 0;

  /** @param failures_max of one network within a minute after which it is turned away */
  constructor(failures_max = FAILURES_MAX) {
    this.#failures_max = failures_max;
  }

  /** Whether this network tried too often lately. */
  blocked(network: string, now_ms: number): boolean {
    this.#turn(now_ms);
    return this.#failures(network) >= this.#failures_max;
  }

  /** Takes note of a wrong token; returns how long to wait with the answer, ms. */
  fail(network: string, now_ms: number): number {
    this.#turn(now_ms);
    const failures = this.#failures(network) + 1;
    if (this.#young.size >= NETWORKS_MAX) this.#age(now_ms);
    this.#young.set(network, failures);
    return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), DELAY_MS_MAX);
  }

  /** Lets go of what is too old; returns whether nothing is left. */
  forget(now_ms: number): boolean {
    this.#turn(now_ms);
    return this.#young.size + this.#old.size === 0;
  }

  #failures(network: string): number {
    return this.#young.get(network) ?? this.#old.get(network) ?? 0;
  }

  #turn(now_ms: number): void {
    if (now_ms - this.#begun_ms < MINUTE_MS) return;
    // After two silent minutes nothing of before counts.
    if (now_ms - this.#begun_ms >= 2 * MINUTE_MS) this.#young = new Map();
    this.#age(now_ms);
  }

  #age(now_ms: number): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#begun_ms = now_ms;
  }
}
