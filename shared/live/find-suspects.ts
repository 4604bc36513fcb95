/**
 * Pages whose votes of the last hour look sent by few or by a machine, and those that hold votes from whenever. Reads records in
 * small steps, changes nothing.
 */
import type { Suspect } from "../contract/sources.ts";
import { heldSentence, type Judgement, judgePage, type OddVote } from "../moderation/judge-page.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { ReactingSite } from "../runtime/sites.ts";
import { activePages } from "../tallies/active-pages.ts";
import { countHeld, largestHeldSource } from "../tallies/count-held.ts";
import { holdingPages } from "../tallies/holding-pages.ts";
import { HELD } from "../tallies/record.ts";
import { scanRecords } from "../tallies/scan-records.ts";
import type { WalkPlace } from "../tallies/take-votes.ts";
import { sourceName } from "./source-name.ts";

const RECENT_MS = 3_600_000;

/** Pages looked at: the ones that got votes last, and as many that hold the most. */
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
  const [active, holding] = await Promise.all([
    activePages(redis, site.id, since, PAGES_MAX),
    holdingPages(redis, site.id, PAGES_MAX),
  ]);
  for (const page of new Set([...holding, ...active])) {
    const suspect = await suspectOf(redis, site.id, page, now_ms, 0);
    if (suspect !== undefined) suspects.push(suspect);
  }
  return suspects.sort((a, b) => b.score - a.score);
}

/**
 * What is odd about one page's votes of the last hour; undefined when nothing is.
 * @param heldSince held votes that are as new as this are looked at, too
 */
export async function suspectOf(
  redis: RedisConnection,
  site: string,
  page: string,
  now_ms: number,
  heldSince = now_ms - RECENT_MS,
): Promise<Suspect | undefined> {
  const [{ votes, sampled }, held] = await Promise.all([
    oddVotes(redis, site, page, now_ms - RECENT_MS, heldSince),
    countHeld(redis, site, page),
  ]);
  const judged =
    judgePage(votes, held) ?? (held > 0 ? await judgeUnseen(redis, site, page, held, now_ms) : undefined);
  if (judged === undefined) return undefined;
  const { score, why, matching } = judged;
  const filter = { page, source: sourceName(judged.source), since: judged.since, until: judged.until };
  return {
    page,
    score: Math.round(score * 100) / 100,
    why,
    votes: judged.looked,
    matching,
    sampled,
    held,
    filter,
  };
}

/** Held votes so few on so large a page that none is among the records that were read: only their networks are told. */
async function judgeUnseen(
  redis: RedisConnection,
  site: string,
  page: string,
  held: number,
  now_ms: number,
): Promise<Judgement | undefined> {
  const largest = await largestHeldSource(redis, site, page);
  if (largest === undefined) return undefined;
  const { source, votes, looked } = largest;
  return { score: 0, why: [heldSentence(held)], source, since: 0, until: now_ms, matching: votes, looked };
}

/** Votes since `since`, and held ones since `heldSince`. */
async function oddVotes(
  redis: RedisConnection,
  site: string,
  page: string,
  since: number,
  heldSince: number,
): Promise<{ readonly votes: readonly OddVote[]; readonly sampled: boolean }> {
  const votes: OddVote[] = [];
  let place: WalkPlace | undefined;
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const step = await scanRecords(redis, site, page, place);
    place = step.place;
    votes.push(
      ...step.records.filter(
        ({ at, reaction }) => reaction < 2 * HELD && at >= (reaction < HELD ? since : heldSince),
      ),
    );
    if (place.next === 0) return { votes, sampled: false };
  }
  return { votes, sampled: true };
}
