/**
 * How fast votes may come: the cheapest limit, in this process and without a question to anyone. It keeps one sender from
 * filling the queue for all; what a sender's votes are worth is decided in the tally (crowd.lua).
 */
import { type QuotaPolicy, TooFast } from "../contract/problems.ts";
import { type SiteLimits, USUAL_LIMITS } from "../runtime/site-settings.ts";
import { TokenBuckets } from "./token-buckets.ts";

const VOTER_RATE_S = 2;
const NETWORK_RATE_S = 100;

export class VoteLimits {
  readonly #voters = new TokenBuckets(VOTER_RATE_S, USUAL_LIMITS.votesAMinuteOfVoter);
  readonly #networks = new TokenBuckets(NETWORK_RATE_S, USUAL_LIMITS.votesAMinuteOfNetwork);

  /**
   * @param voter pseudonym: 16 hexadecimal digits
   * @param source of the network, evenly spread
   * @param now_ms of a clock that does not go back
   * @param limits of the site; where half as many votes are let through, each takes two tokens
   * @throws TooFast: nothing was stored
   */
  check(voter: string, source: number, now_ms: number, limits: SiteLimits = USUAL_LIMITS): void {
    const ofVoter = limits.votesAMinuteOfVoter;
    const voter_ms = this.#voters.take(
      Number.parseInt(voter.slice(0, 8), 16),
      now_ms,
      USUAL_LIMITS.votesAMinuteOfVoter / ofVoter,
    );
    if (voter_ms > 0)
      throw new TooFast("votes_too_fast", policy("votes-of-voter", ofVoter), voter_ms / 1_000);
    const ofNetwork = limits.votesAMinuteOfNetwork;
    const network_ms = this.#networks.take(source, now_ms, USUAL_LIMITS.votesAMinuteOfNetwork / ofNetwork);
    if (network_ms > 0)
      throw new TooFast("votes_too_fast", policy("votes-of-network", ofNetwork), network_ms / 1_000);
  }
}

function policy(name: string, quota: number): QuotaPolicy {
  return { name, quota, window_s: 60 };
}
