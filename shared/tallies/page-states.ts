/** Which pages are frozen, as far as whoever takes votes must know: a page is asked for at most once a second. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";

/** How long an answer is believed. The tally refuses for certain what slips through meanwhile. */
const BELIEVED_MS = 1_000;

/** Pages remembered; two generations bound the memory. */
const PAGES_MAX = 20_000;

interface Known {
  readonly asked_ms: number;
  readonly frozen: Promise<boolean>;
}

export class PageStates {
  readonly #redis: RedisConnection;
  #young = new Map<string, Known>();
  #old = new Map<string, Known>();

  /** @param redis a connection that fails fast */
  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  /**
   * Whether the page takes no votes.
   * @throws what Redis said
   */
  isFrozen(site: string, page: string, now_ms = performance.now()): Promise<boolean> {
    const name = `${site}\n${page}`;
    const known = this.#young.get(name) ?? this.#old.get(name);
    if (known !== undefined && now_ms - known.asked_ms < BELIEVED_MS) return known.frozen;
    const frozen = this.#ask(site, page);
    // Whoever asked hears of the failure; the next one asks anew.
    frozen.catch(() => this.#young.delete(name));
    if (this.#young.size >= PAGES_MAX / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, { asked_ms: now_ms, frozen });
    return frozen;
  }

  async #ask(site: string, page: string): Promise<boolean> {
    // The last span of freezing has no end while it is going on; a hidden page may be frozen too.
    const spans = await this.#redis.hget(pageKeys(site, page).hash, "frozen");
    return spans?.endsWith(":") === true;
  }
}
