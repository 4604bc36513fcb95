/** What both roads do with a parsed vote, once they know the site: check, identify, stamp, queue. */
import { Refusal } from "../contract/problems.ts";
import type { VoteReceipt, VoteRequest } from "../contract/votes.ts";
import type { Site } from "../runtime/sites.ts";
import { SETTLED } from "../tallies/record.ts";
import { checkPage } from "./check-page.ts";
import { CommitFullError } from "./group-commit.ts";
import { identifyCaster } from "./identify-voter.ts";
import { inTime } from "./in-time.ts";
import { issueVoter } from "./issue-voter.ts";
import { isThisMachine } from "./source.ts";
import type { VoteDesk } from "./vote-desk.ts";

/** A vote that is on disk, and what is needed to look for it. */
export interface AdmittedVote {
  readonly receipt: VoteReceipt;
  /** The voter's pseudonym on this page. */
  readonly voter: string;
}

/**
 * Resolves once the vote is stored; then it is in the totals sooner or later, whatever dies in between.
 * @param address network address of the reader
 * @throws Refusal `reaction_unknown`, `voter_invalid`, `account_…`, `voters_too_fast`, `puzzle_needed`, `puzzle_failed`,
 *   `votes_too_fast`, `page_frozen`, `page_closed`, `page_refused`,
 *   `pages_too_fast`: nothing was stored;
 *   `unavailable`, `accounts_unavailable`, `overloaded`: send it again
 */
export async function admitVote(
  desk: VoteDesk,
  site: Site,
  request: VoteRequest,
  address: string,
): Promise<AdmittedVote> {
  desk.inHand.enter();
  // In one piece: a function of its own for what is inside would cost every vote a promise.
  try {
    const { page, reaction } = request;
    const index = reactionIndex(site, reaction);
    if (!desk.ready()) throw new Refusal("unavailable");
    const source = desk.sources.hash(address);
    // First: whoever floods us with forged tokens or solutions has most of them refused unread.
    desk.voteLimits?.checkNetwork(address, source, performance.now(), site);
    const given = request.voter === undefined ? undefined : identifyCaster(desk, site, request.voter);
    // A publisher's keys may be long in coming, which says nothing of Redis.
    const known = given instanceof Promise ? await given : given;
    const began_ms = performance.now();
    const { voter: who, token } =
      known === undefined
        ? await issueVoter(desk, site, address, request.solution)
        : { voter: known, token: undefined };
    const voter = who.on(page);
    desk.voteLimits?.checkVoter(who.number, performance.now(), site.limits);
    const check = checkPage(desk, site, request, address);
    if (check !== undefined) await inTime(began_ms, check);
    const at = desk.stamper.stamp(voter);
    // A banned voter is not told: the answer is the same, the vote goes nowhere.
    const banned = desk.bans.has(site.id, who.handle, voter);
    try {
      const mayBeHeld = desk.voteLimits !== undefined && !isThisMachine(address);
      const asked = index === null || mayBeHeld ? index : index + SETTLED;
      const stored = banned
        ? undefined
        : desk.queue.add({ site: site.id, page, voter, reaction: asked, at, source });
      // Most votes asked Redis nothing before, and a commit has a limit of its own: they pay for no timer.
      await (token === undefined && check === undefined ? stored : inTime(began_ms, Promise.resolve(stored)));
    } catch (error) {
      throw new Refusal(error instanceof CommitFullError ? "overloaded" : "unavailable");
    }
    const receipt = { page, reaction, at };
    return { receipt: token === undefined ? receipt : { ...receipt, voter: token }, voter };
  } finally {
    desk.inHand.leave();
  }
}

function reactionIndex(site: Site, reaction: string | null): number | null {
  if (reaction === null) return null;
  const index = site.reactions.indexOf(reaction);
  if (index === -1)
    throw new Refusal("reaction_unknown", `This site takes ${site.reactions.join(", ")} or null.`);
  return index;
}
