/** Whose token it is, of either kind. */
import { Refusal } from "../contract/problems.ts";
import { isAccountToken } from "../contract/voter-token.ts";
import type { Site } from "../runtime/sites.ts";
import type { VoteDesk } from "./vote-desk.ts";
import type { Voter } from "./voters.ts";

/** What it takes to know voters. */
export type VoterDesk = Pick<VoteDesk, "voters" | "accounts" | "ready" | "now_ms">;

/**
 * The voter whose token this is. A voter of a kind that the site lets vote no more may still see and end what they left.
 * Anonymous ones are known at once, without a promise: most votes are theirs.
 * @throws Refusal `voter_invalid`; of an account what `Accounts.identify` says, and `unavailable` before Redis told the time
 */
export function identifyVoter(desk: VoterDesk, site: Site, token: string): Voter | Promise<Voter> {
  return desk.voters.verify(site.id, token) ?? identifyAccount(desk, site, token);
}

/**
 * The same of a reader who wants something else than to vote. To verify what may be an account's token costs more than a vote:
 * it counts like one more of the network.
 * @param address network address of the reader
 * @throws Refusal as above, and `votes_too_fast`
 */
export function identifyReader(
  desk: VoterDesk & Pick<VoteDesk, "sources" | "voteLimits">,
  site: Site,
  token: string,
  address: string,
): Voter | Promise<Voter> {
  const voter = desk.voters.verify(site.id, token);
  if (voter !== undefined) return voter;
  if (isAccountToken(token) && desk.ready())
    desk.voteLimits?.checkNetwork(address, desk.sources.hash(address), performance.now(), site);
  return identifyAccount(desk, site, token);
}

/**
 * The same of a voter who is about to vote.
 * @throws Refusal also `account_needed` and `account_refused`, by the site's rule
 */
export function identifyCaster(desk: VoterDesk, site: Site, token: string): Voter | Promise<Voter> {
  const { who } = site.voters;
  const voter = desk.voters.verify(site.id, token);
  if (voter === undefined) return identifyAccount(desk, site, token, who !== "anonymous");
  if (who === "account") throw new Refusal("account_needed");
  return voter;
}

/** @throws Refusal */
export async function identifyAccount(
  desk: VoterDesk,
  site: Site,
  token: string,
  allowed = true,
): Promise<Voter> {
  if (!isAccountToken(token)) throw new Refusal("voter_invalid");
  if (!allowed) throw new Refusal("account_refused");
  if (!desk.ready()) throw new Refusal("unavailable");
  return desk.voters.named(site.id, await desk.accounts.identify(site, token, desk.now_ms()));
}
