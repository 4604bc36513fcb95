// Step 4 of 7, the way of a vote; next: shared/tallies/tally.lua, which applies the votes of one page.
/** Takes a job, groups its votes by page and hands each page's to the tally script. */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { PageMove } from "../../shared/tallies/add-heat.ts";
import { type TallyResult, tallyPage, VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import { type AcceptedVote, fromVoteJob } from "../../shared/votes/vote-job.ts";

/** What a job changed, by site; nothing when it was a repetition. */
export type MovesBySite = ReadonlyMap<string, readonly PageMove[]>;

/** What came of a job, summed over its pages. */
export type TalliedJob = Pick<TallyResult, "applied" | "stale"> & { readonly moves: MovesBySite };

/**
 * Tallies every vote of a job. When it fails half-way it may be run again from the start: votes are states.
 * @param data what BullMQ stored
 * @throws VoteJobError when the data is not a job; whatever Redis said otherwise
 */
export async function tallyVotes(redis: RedisConnection, data: unknown): Promise<TalliedJob> {
  const calls = callsOf(fromVoteJob(data));
  const results = await Promise.all(
    calls.map(({ site, page, votes }) => tallyPage(redis, site, page, votes)),
  );
  return {
    applied: results.reduce((sum, { applied }) => sum + applied, 0),
    stale: results.reduce((sum, { stale }) => sum + stale, 0),
    moves: movesBySite(calls, results),
  };
}

/** What the calls moved; a page of several calls comes once. */
function movesBySite(calls: readonly TallyCall[], results: readonly TallyResult[]): MovesBySite {
  const sites = new Map<string, Map<string, PageMove>>();
  for (const [index, { site, page, votes }] of calls.entries()) {
    const moved = results[index]?.moved ?? [];
    if (moved.every((change) => change === 0)) continue;
    const pages = sites.get(site) ?? new Map<string, PageMove>();
    const before = pages.get(page);
    pages.set(page, {
      page,
      at: votes.reduce((newest, { at }) => Math.max(newest, at), before?.at ?? 0),
      moved: moved.map((change, reaction) => change + (before?.moved[reaction] ?? 0)),
    });
    sites.set(site, pages);
  }
  return new Map([...sites].map(([site, pages]) => [site, [...pages.values()]]));
}

interface TallyCall {
  readonly site: string;
  readonly page: string;
  readonly votes: AcceptedVote[];
}

/** One call a page, more only when a page has more votes than a call takes; the order within a page is kept. */
export function callsOf(votes: readonly AcceptedVote[]): readonly TallyCall[] {
  const calls: TallyCall[] = [];
  const open = new Map<string, TallyCall>();
  for (const vote of votes) {
    const name = `${vote.site}\n${vote.page}`;
    let call = open.get(name);
    if (call === undefined || call.votes.length >= VOTES_A_CALL_MAX) {
      call = { site: vote.site, page: vote.page, votes: [] };
      open.set(name, call);
      calls.push(call);
    }
    call.votes.push(vote);
  }
  return calls;
}
