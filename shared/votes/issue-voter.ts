import { RateLimiterRes } from "rate-limiter-flexible";
import { Refusal } from "../contract/problems.ts";
import type { Site } from "../runtime/sites.ts";
import { networkOf } from "./source.ts";
import type { VoteDesk } from "./vote-desk.ts";
import type { VoterId } from "./voters.ts";

/**
 * A new anonymous voter of a site.
 * @param address network address of the reader
 * @throws Refusal `voters_too_fast` when this network made too many in the last minute
 */
export async function issueVoter(
  desk: VoteDesk,
  site: Site,
  address: string,
): Promise<{ readonly id: VoterId; readonly token: string }> {
  try {
    await desk.newVoters?.consume(networkOf(address));
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new Refusal("voters_too_fast", undefined, Math.ceil(error.msBeforeNext / 1_000));
  }
  return desk.voters.issue(site.id);
}
