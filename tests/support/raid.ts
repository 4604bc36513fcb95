/** A page that something is odd about. */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { noteActive } from "../../shared/tallies/active-pages.ts";
import { SETTLED } from "../../shared/tallies/record.ts";
import { tallyPage } from "../../shared/tallies/tally-page.ts";

const MINUTE_MS = 60_000;

/** An hour of two votes a minute for great, then 70 within a second for angry, from one network; none is held, as on a page that
 * crowds are usual on. */
export async function raidPage(redis: RedisConnection, site: string, page: string): Promise<void> {
  const now = Date.now();
  const votes = Array.from({ length: 200 }, (_, index) => ({
    voter: index.toString(16).padStart(16, "0"),
    reaction: SETTLED + (index < 130 ? 0 : 2),
    at: index < 130 ? now - (70 - index / 2) * MINUTE_MS : now - index,
    source: index < 130 ? index : 1_000,
  }));
  await tallyPage(redis, site, page, votes);
  await noteActive(redis, site, new Map([[page, now]]));
}
