/** Reads the counts of pages. */
import { isPageState, type PageCounts, type PageState } from "../contract/counts.ts";
import { MAX_REACTIONS, type ReactionSet } from "../contract/reactions.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { ReactingSite } from "../runtime/sites.ts";
import { pageKeys } from "./page-keys.ts";

const FIELDS = [
  "epoch",
  "rev",
  "state",
  ...Array.from({ length: MAX_REACTIONS }, (_, index) => String(index)),
];

/** The counts of `pages` in the order given; a page that nobody voted on has zeros, no epoch and revision 0. */
export async function readCounts(
  redis: RedisConnection,
  site: ReactingSite,
  pages: readonly string[],
): Promise<readonly PageCounts[]> {
  return await Promise.all(pages.map((page) => readPageCounts(redis, site, page)));
}

/** The counts of one page. */
export async function readPageCounts(
  redis: RedisConnection,
  site: ReactingSite,
  page: string,
): Promise<PageCounts> {
  return countsOf(page, site.reactions, await readTotals(redis, site.id, page));
}

/** A page as Redis knows it, hidden or not. */
export async function readTotals(redis: RedisConnection, site: string, page: string): Promise<PageTotals> {
  const [epoch, rev, state, ...totals] = await redis.hmget(pageKeys(site, page).hash, ...FIELDS);
  return {
    epoch: epoch ?? "",
    rev: Number(rev ?? 0),
    state: isPageState(state) ? state : "open",
    totals: totals.map(Number),
  };
}

/** A page's totals by index, before the site's names are put to them. */
export interface PageTotals {
  readonly epoch: string;
  readonly rev: number;
  readonly state: PageState;
  readonly totals: readonly number[];
}

/** The totals of a page under the names of its site's reactions; a hidden page shows zeros to everyone. */
export function countsOf(
  page: string,
  reactions: ReactionSet,
  { epoch, rev, state, totals }: PageTotals,
): PageCounts {
  const shown = state === "hidden" ? [] : totals;
  const counts = Object.fromEntries(reactions.map((reaction, index) => [reaction, shown[index] ?? 0]));
  const total = reactions.reduce((sum, _, index) => sum + (shown[index] ?? 0), 0);
  return { page, counts, total, epoch, rev, state };
}
