/**
 * Pages of a site that hold votes, however long ago those came: the thousand on which votes were held last. Whoever tallies
 * notes a page before its votes count as tallied, so that no crash leaves it out; one that holds nothing any more is found out
 * and dropped later.
 */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { countHeld } from "./count-held.ts";

const HOLDING_MAX = 1_000;

/** A page that is noted is not looked at before: longer than a worker remembers that it noted one (note-holding.ts). */
const SETTLED_MS = 600_000;

/** Pages of one look. */
const LOOKED_MAX = 100;

const listKey = (site: string): string => `{site:${site}}:holding`;

/** ARGV: page, most pages. The time is that of the Redis that keeps the list. */
const NOTE = `
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -ARGV[2] - 1)`;

/** Unless the page was noted again meanwhile. ARGV: page, its score, the score to have ("": none). */
const SETTLE = `
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or 0) ~= tonumber(ARGV[2]) then return end
if ARGV[3] == '' then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) end`;

/** A page holds votes. */
export async function noteHolding(redis: RedisConnection, site: string, page: string): Promise<void> {
  await redis.eval(NOTE, 1, listKey(site), page, String(HOLDING_MAX));
}

/** The pages that hold the most votes, those first. Costs a small command for each page that is noted. */
export async function holdingPages(
  redis: RedisConnection,
  site: string,
  limit: number,
): Promise<readonly string[]> {
  const noted = await redis.zrange(listKey(site), "0", "-1");
  const rows = await Promise.all(
    noted.map(async (page) => ({ page, held: await countHeld(redis, site, page) })),
  );
  return rows
    .filter(({ held }) => held > 0)
    .sort((a, b) => b.held - a.held)
    .slice(0, limit)
    .map(({ page }) => page);
}

/**
 * Drops pages that hold nothing any more, of those that nobody noted or looked at for ten minutes.
 * @param now_ms Redis time
 */
export async function dropSettled(redis: RedisConnection, site: string, now_ms: number): Promise<void> {
  const old = now_ms - SETTLED_MS;
  const rows = await redis.zrangebyscore(listKey(site), "-inf", old, "WITHSCORES", "LIMIT", 0, LOOKED_MAX);
  for (let row = 0; row < rows.length; row += 2) {
    const [page = "", score = ""] = rows.slice(row, row + 2);
    const held = await countHeld(redis, site, page);
    await redis.eval(SETTLE, 1, listKey(site), page, score, held > 0 ? String(now_ms) : "");
  }
}
