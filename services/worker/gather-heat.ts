/**
 * Gathers what calls changed and moves the hot lists by it twice a second: a script call a site, however many calls. One
 * each would cost Redis more than the tally itself, since each page stands in lists for three windows and each reaction.
 */
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { repeat } from "../../shared/runtime/repeat.ts";
import type { PageMove } from "../../shared/tallies/add-heat.ts";
import { warmSites } from "./warm-sites.ts";

const PAUSE_MS = 500;

/** Takes what a call changed. What a worker that is killed had gathered is lost: heat is a measure, the totals are kept. */
export type GatherHeat = (site: string, change: PageMove) => void;

/** Whoever gathers must have ended before the lifecycle stops this, so that nothing is left over. */
export function openGatherHeat(
  redis: RedisConnection,
  lifecycle: Lifecycle,
  report: (error: unknown) => void,
): GatherHeat {
  let sites = new Map<string, Map<string, PageMove>>();
  const move = async (): Promise<void> => {
    const gathered = sites;
    sites = new Map();
    await warmSites(
      redis,
      new Map([...gathered].map(([site, pages]) => [site, [...pages.values()]])),
      report,
    );
  };
  lifecycle.onStop("gathered heat", move);
  repeat("heat", PAUSE_MS, move, lifecycle, report);
  return (site, change) => {
    if (change.moved.every((moved) => moved === 0)) return;
    const pages = sites.get(site) ?? new Map<string, PageMove>();
    sites.set(site, pages);
    pages.set(change.page, sumOf(pages.get(change.page), change));
  };
}

function sumOf(before: PageMove | undefined, change: PageMove): PageMove {
  if (before === undefined) return change;
  return {
    page: change.page,
    at: Math.max(before.at, change.at),
    moved: change.moved.map((moved, reaction) => moved + (before.moved[reaction] ?? 0)),
  };
}
