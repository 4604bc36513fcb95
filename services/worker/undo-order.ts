/** Gives back what an order took, without overriding newer votes and without what other orders are about. */
import { MAX_REACTIONS } from "../../shared/contract/reactions.ts";
import { removeRule } from "../../shared/moderation/standing-rules.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { dropKept, markUndone, readKept } from "../../shared/tallies/kept-votes.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { readRecords } from "../../shared/tallies/scan-records.ts";
import { restoreVotes } from "../../shared/tallies/tally-page.ts";
import { enforceRules } from "./enforce-rules.ts";
import type { OrderTally } from "./order-tally.ts";
import { walkPages } from "./walk-pages.ts";

/** The order to undo: on one page, or without a page on all pages of the site. */
export interface Undoing {
  readonly site: string;
  readonly order: string;
  readonly page: string | undefined;
}

/** Undoes an order. May be repeated, and goes on where an earlier try left off. */
export async function undoOrder(
  redis: RedisConnection,
  { site, order, page }: Undoing,
  tally: OrderTally,
): Promise<{ readonly before?: readonly number[]; readonly after?: readonly number[] }> {
  // First of all: votes that are delivered from now on count again.
  await removeRule(redis, site, order);
  if (page === undefined) {
    await walkPages(redis, site, tally, async (pages) => {
      for (const one of pages) tally.add(one, await restorePage(redis, site, one, order));
    });
    return {};
  }
  const { totals: before } = await readTotals(redis, site, page);
  tally.add(page, await restorePage(redis, site, page, order));
  const { totals: after } = await readTotals(redis, site, page);
  return { before, after };
}

/** Gives back in small steps; returns how many votes each reaction got back. */
async function restorePage(
  redis: RedisConnection,
  site: string,
  page: string,
  order: string,
): Promise<readonly number[]> {
  await markUndone(redis, site, page, order);
  const restored = Array.from({ length: MAX_REACTIONS }, () => 0);
  for (let from = 0; ; ) {
    const kept = await readKept(redis, site, page, order, from);
    if (kept === undefined) break;
    const { moved } = await restoreVotes(redis, site, page, kept.votes);
    for (const [index, count] of moved.entries()) restored[index] = (restored[index] ?? 0) + count;
    const written = readRecords(kept.votes).map((record) => ({ ...record, page }));
    await enforceRules(redis, site, written);
    from = kept.next;
  }
  await dropKept(redis, site, page, order);
  return restored;
}
