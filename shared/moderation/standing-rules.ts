/**
 * Orders act on all votes stamped before them, whatever arrives late. So an order that takes votes out leaves a rule behind,
 * and after each job the worker asks: which rules are younger than the oldest of these votes? Almost always none.
 *
 * The order leaves its rule before it looks at the first record, and the worker asks after it wrote its votes: whichever
 * comes first, one of the two sees the other.
 */
import { isObject } from "../contract/object.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";

export interface StandingRule {
  /** The order's id. */
  readonly order: string;
  readonly mode: "take" | "drop";
  /** The only page; undefined: every page of the site. */
  readonly page?: string | undefined;
  /** The only voter, by handle, or by pseudonym on the page; undefined: everybody. */
  readonly voter?: string | undefined;
  readonly since: number;
  readonly until: number;
  /** Index in the site's reactions. */
  readonly reaction?: number | undefined;
  /** 24 bits. */
  readonly source?: number | undefined;
  /** Until when what it takes is kept for an undo, Unix ms; 0: never. */
  readonly keptUntil: number;
}

/** Rules are kept a day longer than an order can be undone. A job of votes that is sent again after that meets none. */
export const RULE_MS_MAX = 8 * 86_400_000;

const timesKey = (site: string): string => `{site:${site}}:rule-times`;
const rulesKey = (site: string): string => `{site:${site}}:rules`;

/**
 * Leaves a rule. May be repeated.
 * @param meets the rule is asked for by votes stamped until then, ms
 */
export async function leaveRule(
  redis: RedisConnection,
  site: string,
  rule: StandingRule,
  meets: number,
): Promise<void> {
  await redis.hset(rulesKey(site), rule.order, JSON.stringify(rule));
  await redis.zadd(timesKey(site), meets, rule.order);
}

/** Forgets the rules that are too old. @param now_ms Redis time */
export async function dropOldRules(redis: RedisConnection, site: string, now_ms: number): Promise<void> {
  const old = await redis.zrangebyscore(timesKey(site), "-inf", now_ms - RULE_MS_MAX);
  for (const order of old) await removeRule(redis, site, order);
}

/** The order that left it was undone or lifted. */
export async function removeRule(redis: RedisConnection, site: string, order: string): Promise<void> {
  await redis.zrem(timesKey(site), order);
  await redis.hdel(rulesKey(site), order);
}

/** The rules that votes stamped at `at` (ms) or later may have to do with. */
export async function rulesSince(
  redis: RedisConnection,
  site: string,
  at: number,
): Promise<readonly StandingRule[]> {
  const orders = await redis.zrangebyscore(timesKey(site), at, "+inf");
  if (orders.length === 0) return [];
  const texts = await redis.hmget(rulesKey(site), ...orders);
  return texts.filter((text) => text !== null).map(parseRule);
}

function parseRule(text: string): StandingRule {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error("a rule in Redis is not well formed");
  const { order, mode, page, voter, since, until, reaction, source, keptUntil } = value;
  if (typeof order !== "string" || (mode !== "take" && mode !== "drop")) {
    throw new Error("a rule in Redis is not well formed");
  }
  return {
    order,
    mode,
    page: typeof page === "string" ? page : undefined,
    voter: typeof voter === "string" ? voter : undefined,
    since: Number(since),
    until: Number(until),
    reaction: typeof reaction === "number" ? reaction : undefined,
    source: typeof source === "number" ? source : undefined,
    keptUntil: Number(keptUntil),
  };
}
