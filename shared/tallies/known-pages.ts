/**
 * Which pages a site has: every page with a record or a state is on the list. The worker puts a page there when the page's
 * own hash says that it is new, and only then takes the mark away, so that a crash in between leaves no page out.
 *
 * The list is a sorted set without scores: in the order of the ids' bytes, so that a walk goes on after any page, whatever
 * is added meanwhile.
 */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";

function listKey(site: string): string {
  return `{site:${site}}:known`;
}

/** Puts pages on the list. May be repeated. */
export async function listPages(
  redis: RedisConnection,
  site: string,
  pages: readonly string[],
): Promise<void> {
  if (pages.length === 0) return;
  await redis.zadd(listKey(site), ...pages.flatMap((page) => ["0", page]));
  await Promise.all(pages.map((page) => redis.hdel(pageKeys(site, page).hash, "unlisted")));
}

/** Up to `limit` known pages, in the order of their bytes, beginning after the page `after`. */
export async function knownPages(
  redis: RedisConnection,
  site: string,
  after: string | undefined,
  limit: number,
): Promise<readonly string[]> {
  const from = after === undefined ? "-" : `(${after}`;
  return await redis.zrangebylex(listKey(site), from, "+", "LIMIT", 0, limit);
}

/** How many pages are known. */
export async function countKnownPages(redis: RedisConnection, site: string): Promise<number> {
  return await redis.zcard(listKey(site));
}
