/**
 * How fast votes may come: the cheapest limit, in this process and without a question to anyone. It keeps one sender from
 * filling the queue for all; what a sender's votes are worth is decided in the tally (crowd.lua).
 */
import { createHash } from "node:crypto";
import { type QuotaPolicy, TooFast } from "../contract/problems.ts";
import { type Site, type SiteLimits, USUAL_LIMITS } from "../runtime/site-settings.ts";
import { isWide, NETWORKS_A_NEIGHBOURHOOD, neighbourhoodIn } from "./source.ts";
import { TokenBuckets } from "./token-buckets.ts";

const VOTER_RATE_S = 2;
const NETWORK_RATE_S = 100;

const OF_VOTER = USUAL_LIMITS.votesAMinuteOfVoter;
const OF_NETWORK = USUAL_LIMITS.votesAMinuteOfNetwork;

/** How long an empty bucket takes to be full again. A site with other limits has the same: each of its votes takes more, or less. */
const VOTER_WINDOW_S = OF_VOTER / VOTER_RATE_S;
const NETWORK_WINDOW_S = OF_NETWORK / NETWORK_RATE_S;

/** What votes are counted by: each site has accounts of its own. */
type LimitedSite = Pick<Site, "id" | "limits">;

export class VoteLimits {
  readonly #voters = new TokenBuckets(VOTER_RATE_S, OF_VOTER);
  readonly #networks = new TokenBuckets(NETWORK_RATE_S, OF_NETWORK);
  readonly #neighbourhoods = new TokenBuckets(
    NETWORK_RATE_S * NETWORKS_A_NEIGHBOURHOOD,
    OF_NETWORK * NETWORKS_A_NEIGHBOURHOOD,
  );
  /** 32 bits for each site id. */
  readonly #siteNumbers = new Map<string, number>();

  /**
   * Before anything that the sender says of itself is verified: this costs less.
   * @param address network address of the reader
   * @param source its hash, evenly spread
   * @param now_ms of a clock that does not go back
   * @param site whose votes they are; where its limits let half as many through, each takes two tokens
   * @param code of the refusal
   * @throws TooFast: nothing was stored
   */
  checkNetwork(
    address: string,
    source: number,
    now_ms: number,
    site: LimitedSite,
    code: "votes_too_fast" | "voters_too_fast" = "votes_too_fast",
  ): void {
    const quota = site.limits.votesAMinuteOfNetwork;
    const cost = OF_NETWORK / quota;
    const siteNumber = this.#numberOf(site.id);
    const network_ms = this.#networks.take(accountOf(source, siteNumber), now_ms, cost);
    if (network_ms > 0)
      throw new TooFast(code, policy("votes-of-network", quota, NETWORK_WINDOW_S), network_ms / 1_000);
    if (!isWide(address)) return;
    const wide_ms = this.#neighbourhoods.take(accountOf(neighbourhoodIn(source), siteNumber), now_ms, cost);
    const together = quota * NETWORKS_A_NEIGHBOURHOOD;
    if (wide_ms > 0)
      throw new TooFast(code, policy("votes-of-neighbourhood", together, NETWORK_WINDOW_S), wide_ms / 1_000);
  }

  /**
   * @param voter the voter's number, the same on all pages of a site and another one on other sites
   * @param now_ms as above
   * @param limits of the site
   * @throws TooFast: nothing was stored
   */
  checkVoter(voter: number, now_ms: number, limits: SiteLimits = USUAL_LIMITS): void {
    const quota = limits.votesAMinuteOfVoter;
    const wait_ms = this.#voters.take(voter, now_ms, OF_VOTER / quota);
    if (wait_ms > 0)
      throw new TooFast("votes_too_fast", policy("votes-of-voter", quota, VOTER_WINDOW_S), wait_ms / 1_000);
  }

  #numberOf(site: string): number {
    const known = this.#siteNumbers.get(site);
    if (known !== undefined) return known;
    const number = createHash("sha256").update(site).digest().readInt32BE();
    this.#siteNumbers.set(site, number);
    return number;
  }
}

/**
 * 16 bits that stand for a source on a site, evenly spread (multiplicative hashing, Knuth's The Art of Computer Programming
 * 6.4). Of two sites some sources may fall together, as any two may, and never all of them.
 */
function accountOf(source: number, siteNumber: number): number {
  return Math.imul(source ^ siteNumber, 0x9e3779b1) >>> 16;
}

function policy(name: string, quota: number, window_s: number): QuotaPolicy {
  return { name, quota, window_s };
}
