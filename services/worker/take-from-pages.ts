/** Takes votes out of one page or of all pages of a site, in small steps. */
import type { StoredResult } from "../../shared/moderation/order-job.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { readTaken, type Taking, takeVotes, walked } from "../../shared/tallies/take-votes.ts";
import { nameOn } from "./enforce-rules.ts";
import type { GivenOrder } from "./given-order.ts";
import type { OrderTally } from "./order-tally.ts";
import { walkPages } from "./walk-pages.ts";

/** Steps between two savings of how far an order is. */
const STEPS_A_SAVE = 10;

/** What to take, before a page is known: a voter may be named by handle. */
export interface SiteTaking extends Omit<Taking, "filter"> {
  readonly filter: Omit<Taking["filter"], "voters">;
  readonly voter: string | undefined;
}

/** Takes from one page, going on where an earlier try left off. */
export async function takeFromPage(
  redis: RedisConnection,
  site: string,
  page: string,
  taking: SiteTaking,
  tally: OrderTally,
): Promise<{ readonly before: readonly number[]; readonly after: readonly number[] }> {
  const start = await readTotals(redis, site, page);
  const counts = await takeAll(redis, site, page, taking, tally);
  const taken = taking.keptUntil === 0 ? undefined : await readTaken(redis, site, page, taking.order);
  tally.add(page, taken?.taken ?? counts);
  const { totals } = await readTotals(redis, site, page);
  return { before: taken?.before ?? start.totals, after: totals };
}

/** Takes from every page of the site, going on where an earlier try left off. */
async function takeFromSite(
  redis: RedisConnection,
  site: string,
  taking: SiteTaking,
  tally: OrderTally,
): Promise<void> {
  const one = async (page: string): Promise<void> => {
    const counts = await takeAll(redis, site, page, taking);
    const kept = taking.keptUntil !== 0 && taking.mode !== "dry";
    const taken = kept ? await readTaken(redis, site, page, taking.order) : undefined;
    tally.add(page, taken?.taken ?? counts);
  };
  await walkPages(redis, site, tally, async (pages) => {
    // One voter is one short step a page; a walk over records holds Redis long enough by itself.
    if (taking.voter !== undefined) await Promise.all(pages.map(one));
    else for (const page of pages) await one(page);
  });
}

/** Takes from the order's page, or from every page of its site; resolves to what the order did so far. */
export async function takeEverywhere(
  redis: RedisConnection,
  { site, page }: Pick<GivenOrder, "site" | "page">,
  taking: SiteTaking,
  tally: OrderTally,
): Promise<StoredResult> {
  if (page === undefined) {
    await takeFromSite(redis, site, taking, tally);
    return tally.result();
  }
  const totals = await takeFromPage(redis, site, page, taking, tally);
  return { ...tally.result(), ...(taking.mode === "dry" ? {} : totals) };
}

/** All steps on one page; returns what they took. */
async function takeAll(
  redis: RedisConnection,
  site: string,
  page: string,
  { voter, ...taking }: SiteTaking,
  tally?: OrderTally,
): Promise<readonly number[]> {
  const name = nameOn(page, voter);
  const filter = { ...taking.filter, voters: name === undefined ? undefined : [name] };
  const sums: number[] = [];
  let place = tally?.place;
  for (let step = 1; ; step++) {
    const { place: reached, taken } = await takeVotes(redis, site, page, { ...taking, filter }, place);
    for (const [index, count] of taken.entries()) sums[index] = (sums[index] ?? 0) + count;
    if (reached.next === 0) return sums;
    place = reached;
    tally?.reached(reached, walked(reached));
    if (step % STEPS_A_SAVE === 0) await tally?.save();
  }
}
