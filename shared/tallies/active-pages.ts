/** Pages that got votes lately, for whoever looks for oddities: the newest thousand of each site. */
import type { RedisConnection } from "../runtime/redis-connections.ts";

const ACTIVE_MAX = 1_000;

/** A list that nobody adds to goes after a day. */
const KEPT_S = 86_400;

const listKey = (site: string): string => `{site:${site}}:active`;

/**
 * These pages got votes.
 * @param at newest stamp of each, ms
 */
export async function noteActive(
  redis: RedisConnection,
  site: string,
  pages: ReadonlyMap<string, number>,
): Promise<void> {
  const scores = [...pages].flatMap(([page, at]) => [String(at), page]);
  await redis.zadd(listKey(site), "GT", ...scores);
  await redis.zremrangebyrank(listKey(site), 0, -ACTIVE_MAX - 1);
  await redis.expire(listKey(site), KEPT_S);
}

/** Pages with votes since `since` (ms), the newest first. */
export async function activePages(
  redis: RedisConnection,
  site: string,
  since: number,
  limit: number,
): Promise<readonly string[]> {
  return await redis.zrevrangebyscore(listKey(site), "+inf", since, "LIMIT", 0, limit);
}
