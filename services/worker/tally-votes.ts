// Step 4 of 7, the way of a vote; next: shared/tallies/tally.lua, which applies the votes of one page.
/** Takes a job, groups its votes by page and hands each page's to the tally script. */
import { VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import { type AcceptedVote, fromVoteJob } from "../../shared/votes/vote-job.ts";
import type { TallyOne } from "./page-calls.ts";

/**
 * Tallies every vote of a job. When it fails half-way it may be run again from the start: votes are states.
 * @param commits what BullMQ stored: the job's data, and that of those that joined it
 * @param tally makes a call, or joins one that others make
 * @throws VoteJobError when the data is not a job; whatever Redis said otherwise
 */
export async function tallyVotes(commits: readonly unknown[], tally: TallyOne): Promise<void> {
  await Promise.all(
    callsOf(commits.flatMap(fromVoteJob)).map(({ site, page, votes }) => tally(site, page, votes)),
  );
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
