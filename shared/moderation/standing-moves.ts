/**
 * Readers who moved their votes to an account, by handles: votes of theirs that are delivered later move after them. As with
 * orders (standing-rules.ts) the worker leaves a move before it looks at the first record and asks after it wrote its votes.
 *
 * They are kept apart from the rules and for a day only: there may be thousands a day, and each vote that is delivered a day
 * late is held against all of them.
 */
import { isObject } from "../contract/object.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";

export interface StandingMove {
  /** The order's id. */
  readonly order: string;
  /** Handles. */
  readonly from: string;
  readonly to: string;
  /** The only pages; undefined: every page of the site. */
  readonly pages?: readonly string[] | undefined;
  /** Votes stamped later stay, ms. */
  readonly until: number;
}

/** A vote that is delivered later than this does not follow, and neither does one that an undo gives back. */
const MOVE_MS_MAX = 86_400_000;

const timesKey = (site: string): string => `{site:${site}}:move-times`;
const movesKey = (site: string): string => `{site:${site}}:moves`;

/** Leaves a move. May be repeated. */
export async function leaveMove(redis: RedisConnection, site: string, move: StandingMove): Promise<void> {
  await redis.hset(movesKey(site), move.order, JSON.stringify(move));
  await redis.zadd(timesKey(site), move.until, move.order);
}

/** Forgets the moves that are too old. @param now_ms Redis time */
export async function dropOldMoves(redis: RedisConnection, site: string, now_ms: number): Promise<void> {
  const old = await redis.zrangebyscore(timesKey(site), "-inf", now_ms - MOVE_MS_MAX);
  if (old.length === 0) return;
  await redis.hdel(movesKey(site), ...old);
  await redis.zrem(timesKey(site), ...old);
}

/** The moves that votes stamped at `at` (ms) or later may have to follow. */
export async function movesSince(
  redis: RedisConnection,
  site: string,
  at: number,
): Promise<readonly StandingMove[]> {
  const orders = await redis.zrangebyscore(timesKey(site), at, "+inf");
  if (orders.length === 0) return [];
  const texts = await redis.hmget(movesKey(site), ...orders);
  return texts.filter((text) => text !== null).map(parseMove);
}

function parseMove(text: string): StandingMove {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error("a move in Redis is not well formed");
  const { order, from, to, pages, until } = value;
  if (typeof order !== "string" || typeof from !== "string" || typeof to !== "string")
    throw new Error("a move in Redis is not well formed");
  return {
    order,
    from,
    to,
    pages: Array.isArray(pages) ? pages.map(String) : undefined,
    until: Number(until),
  };
}
