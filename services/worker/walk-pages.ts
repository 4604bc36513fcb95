/** Orders about a whole site: one known page after the other, in the order of the list, going on where a crash left off. */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { countKnownPages, knownPages } from "../../shared/tallies/known-pages.ts";
import type { OrderTally } from "./order-tally.ts";

/** Pages of a batch are worked on side by side when each takes one short step. */
export const PAGES_A_BATCH = 50;

/** Does the work of an order on some pages. */
export type WorkOnPages = (pages: readonly string[]) => Promise<void>;

/**
 * Calls `work` for every known page, in batches, and saves after each how far it is: after a crash the batch in hand is
 * done again, which changes nothing.
 * @param batch most pages in one call
 */
export async function walkPages(
  redis: RedisConnection,
  site: string,
  tally: OrderTally,
  work: WorkOnPages,
  batch = PAGES_A_BATCH,
): Promise<void> {
  const known = await countKnownPages(redis, site);
  for (;;) {
    const pages = await knownPages(redis, site, tally.lastPage, batch);
    const last = pages.at(-1);
    if (last === undefined) return;
    await work(pages);
    tally.walked(last, pages.length, known);
    await tally.save();
  }
}
