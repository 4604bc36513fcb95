import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { addHeat, type PageMove } from "../../shared/tallies/add-heat.ts";

/** What changed, by site. */
export type MovesBySite = ReadonlyMap<string, readonly PageMove[]>;

/**
 * Moves the hot lists by what jobs changed, one script call a site. The jobs' votes are counted by then, so a failure
 * here is reported and costs a little heat: to run a job again would count nothing, and warm nothing either.
 */
export async function warmSites(
  redis: RedisConnection,
  moves: MovesBySite,
  report: (error: unknown) => void,
): Promise<void> {
  await Promise.all([...moves].map(([site, pages]) => addHeat(redis, site, pages).catch(report)));
}
