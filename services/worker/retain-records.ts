/**
 * Keeps records of a site's pages no longer than the site says: a page whose last vote is that old is shut, a look or two
 * later closed, and its records dropped while its totals stay. Every step may be repeated, by this worker or by another after a crash.
 */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import {
  agedPages,
  listAging,
  noteAge,
  readAgingPlace,
  saveAgingPlace,
  unlistAging,
} from "../../shared/tallies/aging-pages.ts";
import { closePage } from "../../shared/tallies/close-page.ts";
import { dropRecords } from "../../shared/tallies/drop-records.ts";
import { knownPages } from "../../shared/tallies/known-pages.ts";
import { scanRecords } from "../../shared/tallies/scan-records.ts";
import { shutPage, unshutPage } from "../../shared/tallies/shut-page.ts";
import type { WalkPlace } from "../../shared/tallies/take-votes.ts";

const DAY_MS = 86_400_000;

/** Known pages that a look asks for records, some at a time: a million pages are walked through within hours, once a day. */
const PAGES_A_BATCH = 500;
const BATCHES_A_LOOK = 10;

/** Pages that a look closes. */
const CLOSED_A_LOOK_MAX = 1_000;

/**
 * One look at a site.
 * @param now_ms Redis time
 * @returns how many pages were closed
 */
export async function retainRecords(
  redis: RedisConnection,
  site: string,
  days: number,
  now_ms: number,
): Promise<number> {
  await findPages(redis, site, now_ms);
  const until = now_ms - days * DAY_MS;
  let closed = 0;
  for (const page of await agedPages(redis, site, until, CLOSED_A_LOOK_MAX)) {
    if (await closeIfQuiet(redis, site, page, until, now_ms)) closed++;
  }
  return closed;
}

/** Goes on with the walk over the known pages; the next one begins a day after its end. */
async function findPages(redis: RedisConnection, site: string, now_ms: number): Promise<void> {
  const place = await readAgingPlace(redis, site);
  if (place.after === undefined && now_ms - place.ended < DAY_MS) return;
  let { after } = place;
  for (let batch = 0; batch < BATCHES_A_LOOK; batch++) {
    const pages = await knownPages(redis, site, after, PAGES_A_BATCH);
    await listAging(redis, site, pages);
    after = pages.at(-1);
    await saveAgingPlace(redis, site, { after, ended: after === undefined ? now_ms : place.ended });
    if (after === undefined) return;
  }
}

async function closeIfQuiet(
  redis: RedisConnection,
  site: string,
  page: string,
  until: number,
  now_ms: number,
): Promise<boolean> {
  const answer = await closePage(redis, site, page, now_ms, async () => {
    const newest = await newestVote(redis, site, page);
    if (newest <= until) return await shutPage(redis, site, page, now_ms);
    await unshutPage(redis, site, page);
    await noteAge(redis, site, page, newest);
    return false;
  });
  if (answer === "left open") return false;
  // What an undo brings back meanwhile is found by the next walk.
  if (answer === "closed") await dropRecords(redis, site, page);
  await unlistAging(redis, site, page);
  return answer === "closed";
}

/** Stamp of the newest record, ms; 0 when there is none. */
async function newestVote(redis: RedisConnection, site: string, page: string): Promise<number> {
  let newest = 0;
  for (let place: WalkPlace | undefined; place?.next !== 0; ) {
    const step = await scanRecords(redis, site, page, place);
    for (const { at } of step.records) newest = Math.max(newest, at);
    place = step.place;
  }
  return newest;
}
