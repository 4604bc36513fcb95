/**
 * How fast votes may come: the cheapest limit, in this process and without a question to anyone. It keeps one sender from
 * filling the queue for all; what a sender's votes are worth is decided in the tally (crowd.lua).
 */
import { type QuotaPolicy, TooFast } from "../contract/problems.ts";
import { TokenBuckets } from "./token-buckets.ts";

/** A reader who presses back and forth as fast as fingers go is never refused: fifty presses a second are one vote. */
const VOTER: QuotaPolicy = { name: "votes-of-voter", quota: 150, window_s: 60 };
const VOTER_RATE_S = 2;

/** A carrier's address may stand for thousands of readers. */
const NETWORK: QuotaPolicy = { name: "votes-of-network", quota: 6_000, window_s: 60 };
const NETWORK_RATE_S = 100;

export class VoteLimits {
  readonly #voters = new TokenBuckets(VOTER_RATE_S, VOTER.quota);
  readonly #networks = new TokenBuckets(NETWORK_RATE_S, NETWORK.quota);

  /**
   * @param voter pseudonym: 16 hexadecimal digits
   * @param source of the network, evenly spread
   * @param now_ms of a clock that does not go back
   * @throws TooFast: nothing was stored
   */
  check(voter: string, source: number, now_ms: number): void {
    const voter_ms = this.#voters.take(Number.parseInt(voter.slice(0, 8), 16), now_ms);
    if (voter_ms > 0) throw new TooFast("votes_too_fast", VOTER, voter_ms / 1_000);
    const network_ms = this.#networks.take(source, now_ms);
    if (network_ms > 0) throw new TooFast("votes_too_fast", NETWORK, network_ms / 1_000);
  }
}
