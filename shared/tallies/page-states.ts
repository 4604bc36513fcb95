/** What whoever takes votes must know of a page: it is asked for at most once a second. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";
import { isShut } from "./shut-page.ts";
import { siteKeys } from "./site-keys.ts";

/** How long an answer is believed. The tally refuses for certain what slips through meanwhile. */
const BELIEVED_MS = 1_000;

/** Pages remembered; two generations bound the memory. */
const PAGES_MAX = 20_000;

export interface PageState {
  /** It takes no votes. */
  readonly frozen: boolean;
  /** It never will again. */
  readonly closed: boolean;
  /** It has, or had, votes. */
  readonly begun: boolean;
}

interface Known {
  readonly asked_ms: number;
  readonly answer: Promise<PageState>;
  /** The answer, once it is there: most votes are on pages that were asked for before, and need not wait a turn. */
  state: PageState | undefined;
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
   * What was known of the page at most a second ago; a promise while it is asked for.
   * @throws what Redis said
   */
  stateOf(site: string, page: string, now_ms = performance.now()): PageState | Promise<PageState> {
    const name = `${site}\n${page}`;
    const known = this.#young.get(name) ?? this.#old.get(name);
    if (known !== undefined && now_ms - known.asked_ms < BELIEVED_MS) return known.state ?? known.answer;
    const answer = this.#ask(site, page);
    const fresh: Known = { asked_ms: now_ms, answer, state: undefined };
    // Whoever asked hears of the failure; the next one asks anew. So it is with a page without votes, which may have one now.
    const forget = (): void => {
      if (this.#young.get(name) === fresh) this.#young.delete(name);
    };
    answer.then((state) => {
      if (state.begun) fresh.state = state;
      else forget();
    }, forget);
    if (this.#young.size >= PAGES_MAX / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, fresh);
    return answer;
  }

  async #ask(site: string, page: string): Promise<PageState> {
    // The last span of freezing has no end while it is going on; a hidden page may be frozen too.
    const [spans, epoch, closed, shut] = await this.#redis.hmget(
      pageKeys(site, page).hash,
      "frozen",
      "epoch",
      "closed",
      "shut",
    );
    return {
      frozen: spans?.endsWith(":") === true,
      closed: typeof closed === "string" || isShut(shut),
      begun: typeof epoch === "string",
    };
  }

  /**
   * Whether the publisher registered the page; asked anew each time, so that a page may be voted on at once.
   * @throws what Redis said
   */
  async isRegistered(site: string, page: string): Promise<boolean> {
    return (await this.#redis.hexists(siteKeys(site).pages, page)) === 1;
  }
}
