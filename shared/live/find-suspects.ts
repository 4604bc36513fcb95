/** Pages whose votes of the last hour look sent by few or by a machine. Reads records in small steps, changes nothing. */
import type { Suspect } from "../contract/sources.ts";
import { judgePage, type RecentVote } from "../moderation/judge-page.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { ReactingSite } from "../runtime/sites.ts";
import { activePages } from "../tallies/active-pages.ts";
import { countHeld } from "../tallies/count-held.ts";
import { HELD } from "../tallies/record.ts";
import { scanRecords } from "../tallies/scan-records.ts";
import type { WalkPlace } from "../tallies/take-votes.ts";
import { sourceName } from "./source-name.ts";

const RECENT_MS = 3_600_000;

/** Pages looked at: the ones that got votes last. */
const PAGES_MAX = 50;

/**
 * Steps a page, about 9,000 records; a larger page is judged by a part of its records, as good as drawn at random because
 * records lie in the order of pseudonyms.
 */
const STEPS_MAX = 20;

/** The worst first. */
export async function findSuspects(
  redis: RedisConnection,
  site: ReactingSite,
  now_ms: number,
): Promise<readonly Suspect[]> {
  const since = now_ms - RECENT_MS;
  const suspects: Suspect[] = [];
  for (const page of await activePages(redis, site.id, since, PAGES_MAX)) {
    const suspect = await suspectOf(redis, site.id, page, now_ms);
    if (suspect !== undefined) suspects.push(suspect);
  }
  return suspects.sort((a, b) => b.score - a.score);
}

/** What is odd about the last hour's votes of one page; undefined when nothing is. */
export async function suspectOf(
  redis: RedisConnection,
  site: string,
  page: string,
  now_ms: number,
): Promise<Suspect | undefined> {
  const [{ votes, sampled }, held] = await Promise.all([
    recentVotes(redis, site, page, now_ms - RECENT_MS),
    countHeld(redis, site, page),
  ]);
  const judged = judgePage(votes, held);
  if (judged === undefined) return undefined;
  const { score, why, matching } = judged;
  const filter = { page, source: sourceName(judged.source), since: judged.since, until: judged.until };
  return {
    page,
    score: Math.round(score * 100) / 100,
    why,
    votes: votes.length,
    matching,
    sampled,
    held,
    filter,
  };
}

async function recentVotes(
  redis: RedisConnection,
  site: string,
  page: string,
  since: number,
): Promise<{ readonly votes: readonly RecentVote[]; readonly sampled: boolean }> {
  const votes: RecentVote[] = [];
  let place: WalkPlace | undefined;
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const step = await scanRecords(redis, site, page, place);
    place = step.place;
    votes.push(...step.records.filter(({ at, reaction }) => at >= since && reaction < 2 * HELD));
    if (place.next === 0) return { votes, sampled: false };
  }
  return { votes, sampled: true };
}
