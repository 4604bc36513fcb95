/** Where the votes of a page came from: its records, read step by step and added up. */
import type { SourceRow, SourcesAnswer } from "../../shared/contract/sources.ts";
import { sourceName } from "../../shared/live/source-name.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { HELD, isHeld } from "../../shared/tallies/record.ts";
import { scanRecords } from "../../shared/tallies/scan-records.ts";
import type { WalkPlace } from "../../shared/tallies/take-votes.ts";
import { votesOf } from "./order-view.ts";

const LISTED_MAX = 100;
const MINUTES_MAX = 120;
const MINUTE_MS = 60_000;

interface Sum {
  readonly source: number;
  votes: number;
  held: number;
  readonly counts: number[];
  first: number;
  last: number;
}

export async function listSources(redis: RedisConnection, site: Site, page: string): Promise<SourcesAnswer> {
  const sums = new Map<number, Sum>();
  let votes = 0;
  let heldVotes = 0;
  for await (const { source, reaction, at } of votesOn(redis, site.id, page)) {
    const held = isHeld(reaction);
    const sum = sums.get(source) ?? { source, votes: 0, held: 0, counts: [], first: at, last: at };
    sums.set(source, sum);
    if (held) {
      heldVotes++;
      sum.held++;
    } else {
      votes++;
      sum.votes++;
      sum.counts[reaction] = (sum.counts[reaction] ?? 0) + 1;
    }
    sum.first = Math.min(sum.first, at);
    sum.last = Math.max(sum.last, at);
  }
  const largest = [...sums.values()].sort((a, b) => b.votes + b.held - a.votes - a.held).slice(0, LISTED_MAX);
  // Minutes only of those that are shown: a second walk costs less than minutes of every network.
  const minutes = new Map(largest.map(({ source }) => [source, new Map<number, number>()]));
  for await (const { source, at, reaction } of votesOn(redis, site.id, page)) {
    if (isHeld(reaction)) continue;
    const counted = minutes.get(source);
    const minute = at - (at % MINUTE_MS);
    counted?.set(minute, (counted.get(minute) ?? 0) + 1);
  }
  const list = largest.map(
    ({ source, counts, ...sum }): SourceRow => ({
      ...sum,
      source: sourceName(source),
      counts: votesOf(site, counts),
      minutes: [...(minutes.get(source) ?? [])]
        .sort(([a], [b]) => a - b)
        .slice(-MINUTES_MAX)
        .map(([at, count]) => ({ at, votes: count })),
    }),
  );
  return { page, votes, held: heldVotes, sources: sums.size, list };
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
