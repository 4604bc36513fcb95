/** Puts a site's pulse together. */
import { type Backlog, PULSE_HOT_MAX, type Pulse } from "../contract/pulse.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { Site } from "../runtime/sites.ts";
import { readHot } from "../tallies/read-hot.ts";
import { readPace, readSiteTotals } from "../tallies/read-site.ts";
import type { Sparks } from "./sparks.ts";
import { readViewers } from "./viewers.ts";

/**
 * What every dashboard of the site is told.
 * @param now_ms Redis time
 * @throws what Redis said
 */
export async function readPulse(
  redis: RedisConnection,
  site: Site,
  sparks: Sparks,
  backlog: Backlog,
  now_ms: number,
): Promise<Pulse> {
  const [hot, totals, votesPerSecond] = await Promise.all([
    readHot(redis, site, { window: "hour", reaction: undefined, limit: PULSE_HOT_MAX }, now_ms),
    readSiteTotals(redis, site),
    readPace(redis, site.id, now_ms),
  ]);
  const names = hot.map(({ page }) => page);
  const [viewers, lines] = await Promise.all([
    readViewers(redis, site.id, names, now_ms),
    sparks.read(redis, site.id, names, now_ms),
  ]);
  const pages = hot.map((page, index) => ({
    ...page,
    viewers: viewers.pages[index] ?? 0,
    spark: lines[index] ?? [],
  }));
  return { at: now_ms, votesPerSecond, totals, hot: pages, viewers: viewers.sockets, backlog };
}
