/**
 * Where the votes of a page came from: its records, read step by step and added up. Whoever raids a page may come from any number of
 * networks, so what is kept of each meanwhile is bounded.
 */
import type { SourceRow, SourcesAnswer } from "../../shared/contract/sources.ts";
import { sourceName } from "../../shared/live/source-name.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { HELD, isHeld } from "../../shared/tallies/record.ts";
import { scanRecords } from "../../shared/tallies/scan-records.ts";
import type { WalkPlace } from "../../shared/tallies/take-votes.ts";
import { HeavyHitters } from "./heavy-hitters.ts";
import { votesOf } from "./order-view.ts";

const LISTED_MAX = 100;
const MINUTES_MAX = 120;

/** Sources that the largest are found among: exact up to here, and beyond for each with more than a ten-thousandth of the votes. */
const COUNTED_MAX = 10_000;
/** Different sources there can be: 24 bits. */
const SOURCES = 2 ** 24;

const MINUTE_MS = 60_000;

interface Sum {
  readonly source: number;
  votes: number;
  held: number;
  readonly counts: number[];
  first: number;
  last: number;
  readonly minutes: Map<number, number>;
}

/** @returns the largest sources by votes, held ones included; of a page with more than 10,000 sources, as near as that can be told */
export async function listSources(redis: RedisConnection, site: Site, page: string): Promise<SourcesAnswer> {
  const seen = new Uint8Array(SOURCES / 8);
  const hitters = new HeavyHitters(COUNTED_MAX);
  const totals = { votes: 0, held: 0, sources: 0 };
  for await (const { source, reaction } of votesOn(redis, site.id, page)) {
    if (isHeld(reaction)) totals.held++;
    else totals.votes++;
    hitters.add(source);
    const [byte, bit] = [source >> 3, 1 << (source & 7)];
    const bits = seen[byte] ?? 0;
    if ((bits & bit) === 0) totals.sources++;
    seen[byte] = bits | bit;
  }
  // A second walk for those that are shown costs less than all of it for every network.
  const sums = new Map(hitters.top(LISTED_MAX).map((source) => [source, sumOf(source)]));
  for await (const { source, at, reaction } of votesOn(redis, site.id, page)) {
    const sum = sums.get(source);
    if (sum !== undefined) addVote(sum, reaction, at);
  }
  const list = [...sums.values()]
    .filter(({ votes, held }) => votes + held > 0)
    .sort((a, b) => b.votes + b.held - a.votes - a.held)
    .map(
      ({ source, counts, minutes, ...sum }): SourceRow => ({
        ...sum,
        source: sourceName(source),
        counts: votesOf(site, counts),
        minutes: [...minutes]
          .sort(([a], [b]) => a - b)
          .slice(-MINUTES_MAX)
          .map(([at, count]) => ({ at, votes: count })),
      }),
    );
  return { page, ...totals, list };
}

function sumOf(source: number): Sum {
  return {
    source,
    votes: 0,
    held: 0,
    counts: [],
    first: Number.POSITIVE_INFINITY,
    last: 0,
    minutes: new Map(),
  };
}

function addVote(sum: Sum, reaction: number, at: number): void {
  sum.first = Math.min(sum.first, at);
  sum.last = Math.max(sum.last, at);
  if (isHeld(reaction)) {
    sum.held++;
    return;
  }
  sum.votes++;
  sum.counts[reaction] = (sum.counts[reaction] ?? 0) + 1;
  const minute = at - (at % MINUTE_MS);
  sum.minutes.set(minute, (sum.minutes.get(minute) ?? 0) + 1);
}

/** Every record that holds a reaction, held or counted. */
async function* votesOn(redis: RedisConnection, site: string, page: string) {
  let place: WalkPlace | undefined;
  do {
    const step = await scanRecords(redis, site, page, place);
    place = step.place;
    yield* step.records.filter(({ reaction }) => reaction < 2 * HELD);
  } while (place.next !== 0);
}
