/** Hears of new counts, page by page: one sharded subscription (SSUBSCRIBE) for each page that somebody here watches. */
import { isPageState } from "../contract/counts.ts";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";
import type { PageTotals } from "./read-counts.ts";

/** Told of a page's new totals. */
export type HearTotals = (totals: PageTotals) => void;

export class PageFeed {
  readonly #redis: RedisConnection;
  readonly #listeners = new Map<string, HearTotals>();

  /** @param redis a connection of the role `subscriber`, used for nothing else */
  constructor(redis: RedisConnection) {
    this.#redis = redis;
    redis.on("smessage", (channel: string, message: string) => {
      const totals = parseTotals(message);
      if (totals !== undefined) this.#listeners.get(channel)?.(totals);
    });
  }

  /** Calls `hear` for every change of a page from now on; resolves once Redis has taken the subscription. */
  async follow(site: string, page: string, hear: HearTotals): Promise<void> {
    const { channel } = pageKeys(site, page);
    this.#listeners.set(channel, hear);
    await this.#redis.ssubscribe(channel);
  }

  /**
   * Subscribes once more to a page that is followed: after a slot has moved there and back, ioredis takes the subscription
   * for one that still stands. Harmless when it does stand.
   */
  async renew(site: string, page: string): Promise<void> {
    await this.#redis.ssubscribe(pageKeys(site, page).channel);
  }

  /** Ends what `follow` began. */
  async unfollow(site: string, page: string): Promise<void> {
    const { channel } = pageKeys(site, page);
    this.#listeners.delete(channel);
    await this.#redis.sunsubscribe(channel);
  }
}

/** What tally.lua publishes: `epoch rev state total0 … total7`; undefined for anything else. */
export function parseTotals(message: string): PageTotals | undefined {
  const [epoch, rev, state, ...totals] = message.split(" ");
  const numbers = [rev, ...totals].map(Number);
  if (epoch === undefined || !isPageState(state) || totals.length !== MAX_REACTIONS) return undefined;
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return undefined;
  return { epoch, rev: numbers[0] ?? 0, state, totals: numbers.slice(1) };
}
