/** Gives back what an order took, without overriding newer votes and without what other orders are about. */
import type { OrderKind } from "../../shared/contract/order-answers.ts";
import { MAX_REACTIONS } from "../../shared/contract/reactions.ts";
import { removeRule } from "../../shared/moderation/standing-rules.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { dropKept, markUndone, readKept } from "../../shared/tallies/kept-votes.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { HELD, isHeld } from "../../shared/tallies/record.ts";
import { readRecords, type ScannedRecord } from "../../shared/tallies/scan-records.ts";
import { restoreVotes } from "../../shared/tallies/tally-page.ts";
import { enforceRules } from "./enforce-rules.ts";
import type { OrderTally } from "./order-tally.ts";
import { walkPages } from "./walk-pages.ts";

/** The order to undo: on one page, or without a page on all pages of the site. */
export interface Undoing {
  readonly site: string;
  readonly order: string;
  readonly page: string | undefined;
  /** What kind of order it was. */
  readonly undoes: OrderKind | undefined;
}

/** Undoes an order. May be repeated, and goes on where an earlier try left off. */
export async function undoOrder(
  redis: RedisConnection,
  { site, order, page, undoes }: Undoing,
  tally: OrderTally,
): Promise<{ readonly before?: readonly number[]; readonly after?: readonly number[] }> {
  // First of all: votes that are delivered from now on count again.
  await removeRule(redis, site, order);
  if (page === undefined) {
    await walkPages(redis, site, tally, async (pages) => {
      for (const one of pages) tally.add(one, await restorePage(redis, site, one, order, undoes));
    });
    return {};
  }
  const { totals: before } = await readTotals(redis, site, page);
  tally.add(page, await restorePage(redis, site, page, order, undoes));
  const { totals: after } = await readTotals(redis, site, page);
  return { before, after };
}

/** Gives back in small steps; returns how many votes each reaction got back. */
async function restorePage(
  redis: RedisConnection,
  site: string,
  page: string,
  order: string,
  undoes: OrderKind | undefined,
): Promise<readonly number[]> {
  await markUndone(redis, site, page, order);
  const restored = Array.from({ length: MAX_REACTIONS }, () => 0);
  for (let from = 0; ; ) {
    const kept = await readKept(redis, site, page, order, from);
    if (kept === undefined) break;
    const { moved } = await restoreVotes(redis, site, page, kept.votes);
    const records = readRecords(kept.votes);
    // Votes that are held again move no total: each that was kept is one that was given back.
    const backs = undoes === "release" || undoes === "discard" ? heldBy(records) : moved;
    for (const [index, count] of backs.entries()) restored[index] = (restored[index] ?? 0) + count;
    const written = records.map((record) => ({ ...record, page }));
    await enforceRules(redis, site, written);
    from = kept.next;
  }
  await dropKept(redis, site, page, order);
  return restored;
}

/** Held votes among records, by index of the reaction. */
function heldBy(records: readonly ScannedRecord[]): readonly number[] {
  const counts = Array.from({ length: MAX_REACTIONS }, () => 0);
  for (const { reaction } of records) {
    if (isHeld(reaction)) counts[reaction - HELD] = (counts[reaction - HELD] ?? 0) + 1;
  }
  return counts;
}
