/** Reads what add-to-site.lua keeps of a whole site. */
import { MAX_REACTIONS } from "../contract/reactions.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { Site } from "../runtime/sites.ts";
import { siteKeys } from "./site-keys.ts";

/** Seconds over which votes a second are the mean; the second under way is not among them. */
const PACE_S = 5;

const FIELDS = Array.from({ length: MAX_REACTIONS }, (_, index) => String(index));

/** Votes of all pages by reaction. */
export async function readSiteTotals(
  redis: RedisConnection,
  site: Site,
): Promise<Readonly<Record<string, number>>> {
  const totals = await redis.hmget(siteKeys(site.id).totals, ...FIELDS);
  return Object.fromEntries(
    site.reactions.map((name, index) => [name, Math.max(0, Number(totals[index] ?? 0))]),
  );
}

/** Votes a second that changed what their voter holds. @param now_ms Redis time */
export async function readPace(redis: RedisConnection, site: string, now_ms: number): Promise<number> {
  const now_s = Math.floor(now_ms / 1_000);
  const seconds = Array.from({ length: PACE_S }, (_, index) => now_s - 1 - index);
  const votes = await Promise.all(
    seconds.map((second) => redis.hget(siteKeys(site).pace(Math.floor(second / 60)), String(second))),
  );
  return votes.reduce((sum, count) => sum + Number(count ?? 0), 0) / PACE_S;
}
