/** Counts totals anew from the records, on one page or on all pages of a site. */
import { MAX_REACTIONS } from "../../shared/contract/reactions.ts";
import type { StoredOrder, StoredResult } from "../../shared/moderation/order-job.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { recountPage } from "../../shared/tallies/recount-page.ts";
import type { OrderTally } from "./order-tally.ts";
import { walkPages } from "./walk-pages.ts";

/** Resolves to the drift that was mended; `counts` and `votes` say how many votes the totals were wrong by. */
export async function recountPages(
  redis: RedisConnection,
  { site, page }: StoredOrder,
  tally: OrderTally,
): Promise<StoredResult> {
  const drift = Array.from({ length: MAX_REACTIONS }, () => 0);
  const one = async (name: string): Promise<void> => {
    const wrong = await recountPage(redis, site, name);
    for (const [index, count] of wrong.entries()) drift[index] = (drift[index] ?? 0) + count;
    tally.add(name, wrong.map(Math.abs));
  };
  if (page === undefined) {
    await walkPages(redis, site, tally, async (pages) => {
      for (const name of pages) await one(name);
    });
    return { ...tally.result(), drift };
  }
  const { totals: before } = await readTotals(redis, site, page);
  await one(page);
  const { totals: after } = await readTotals(redis, site, page);
  return { ...tally.result(), before, after, drift };
}
