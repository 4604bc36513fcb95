/** How many votes of a page are held, and whose they are for the most part. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";

/** Held votes of a page that are looked at. */
const LOOKED_MAX = 1_000;

/** Votes that are stored and shown to their voters, and stand in no total until they are plausible or released. */
export async function countHeld(redis: RedisConnection, site: string, page: string): Promise<number> {
  return Number((await redis.hget(pageKeys(site, page).hash, "held")) ?? 0);
}

/** The source that most of a page's held votes came from; of very many a part is looked at. */
export async function largestHeldSource(
  redis: RedisConnection,
  site: string,
  page: string,
): Promise<{ readonly source: number; readonly votes: number; readonly looked: number } | undefined> {
  // Voters by source; their names are bytes, and not asked for.
  const rows = await redis.zrange(pageKeys(site, page).holds, "0", String(LOOKED_MAX - 1), "WITHSCORES");
  const sources = rows.filter((_, place) => place % 2 === 1).map(Number);
  const counts = new Map<number, number>();
  for (const source of sources) counts.set(source, (counts.get(source) ?? 0) + 1);
  const [largest] = [...counts].sort(([, a], [, b]) => b - a);
  return largest === undefined
    ? undefined
    : { source: largest[0], votes: largest[1], looked: sources.length };
}
