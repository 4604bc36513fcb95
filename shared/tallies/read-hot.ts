/** Reads the hot lists that add-heat.lua keeps. */
import { HALF_LIFE_MS, type HotPage, type HotWindow } from "../contract/hot.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { ReactingSite } from "../runtime/sites.ts";
import { readCounts } from "./read-counts.ts";
import { readRegistered } from "./read-registered.ts";
import { hotKey } from "./site-keys.ts";

/** Which list, and how much of it. */
export interface HotQuery {
  readonly window: HotWindow;
  /** Only what one reaction did, by index; undefined for all together. */
  readonly reaction: number | undefined;
  /** Most pages to give. */
  readonly limit: number;
}

/** Pages looked up at a time: one look is enough unless moderators hid much of what is hot. */
const LOOK_MIN = 20;

/**
 * A site's hottest pages, hottest first. Hidden pages are passed over.
 * @param now_ms Redis time to which the scores are decayed
 */
export async function readHot(
  redis: RedisConnection,
  site: ReactingSite,
  { window, reaction, limit }: HotQuery,
  now_ms: number,
): Promise<readonly HotPage[]> {
  const hot: HotPage[] = [];
  const look = Math.max(limit, LOOK_MIN);
  for (let from = 0; hot.length < limit; from += look) {
    const rows = await redis.zrevrange(
      hotKey(site.id, window, reaction),
      from,
      from + look - 1,
      "WITHSCORES",
    );
    const ids = rows.filter((_, index) => index % 2 === 0);
    const [registered, counts] = await Promise.all([
      readRegistered(redis, site.id, ids),
      readCounts(redis, site, ids),
    ]);
    for (const [index, page] of ids.entries()) {
      const [known, count] = [registered[index], counts[index]];
      if (known === undefined || count === undefined || count.state === "hidden") continue;
      const score = 2 ** (Number(rows[2 * index + 1]) - now_ms / HALF_LIFE_MS[window]);
      hot.push({ page, title: known.title, url: known.url, score, counts: count.counts, total: count.total });
    }
    if (ids.length < look) break;
  }
  return hot.slice(0, limit);
}
