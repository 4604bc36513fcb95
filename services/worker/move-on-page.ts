/** Moves a reader's vote on one page to the account that the reader signed in with. */

import { STAMP_MS_MAX } from "../../shared/contract/stamp.ts";
import { isBanned, setBan } from "../../shared/moderation/bans.ts";
import type { StandingMove } from "../../shared/moderation/standing-moves.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { moveVote } from "../../shared/tallies/move-vote.ts";
import { takeVotes } from "../../shared/tallies/take-votes.ts";
import { pseudonymOf } from "../../shared/votes/voters.ts";

/** A vote that is the account's now. */
export interface ArrivedVote {
  readonly page: string;
  /** The account's pseudonym on this page. */
  readonly voter: string;
  /** Redis time, ms. */
  readonly at: number;
}

/**
 * May be repeated: it tells of the account's vote again, so that after a crash in between what was to follow follows.
 * @returns the account's vote, to be held against moderators' rules; undefined when there is none, or nothing had to move
 */
export async function moveOnPage(
  redis: RedisConnection,
  site: string,
  page: string,
  { order, from, to, until }: StandingMove,
): Promise<ArrivedVote | undefined> {
  const [here, there] = [pseudonymOf(from, page), pseudonymOf(to, page)];
  const at = await moveVote(redis, site, page, { from: here, to: there, until });
  if (at === undefined) return undefined;
  // A pseudonym that was banned on its page is followed by the account's.
  if (await isBanned(redis, site, here)) await setBan(redis, site, there, until, order);
  if (await isBanned(redis, site, to, there)) {
    const filter = { since: 0, until: STAMP_MS_MAX, voters: [there] };
    await takeVotes(redis, site, page, { order, mode: "take", filter, keptUntil: 0 });
  }
  return at === 0 ? undefined : { page, voter: there, at };
}
