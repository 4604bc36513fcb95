import { describe, expect, it } from "vitest";
import { type QuotaPolicy, TooFast } from "../../shared/contract/problems.ts";
import { OPEN_SITE, USUAL_LIMITS } from "../../shared/runtime/site-settings.ts";
import { firstSourceOf } from "../../shared/votes/source.ts";
import { TokenBuckets } from "../../shared/votes/token-buckets.ts";
import { VoteLimits } from "../../shared/votes/vote-limits.ts";

describe("limits on votes", () => {
  it("S80: a bucket gives its burst at once, then its rate, and says how long to wait", () => {
    const buckets = new TokenBuckets(2, 5);
    const taken = Array.from({ length: 7 }, () => buckets.take(7, 1_000));
    expect(taken).toEqual([0, 0, 0, 0, 0, 500, 500]);
    expect(buckets.take(7, 1_499)).toBe(1);
    expect(buckets.take(7, 1_500)).toBe(0);
    expect(buckets.take(7, 1_500)).toBe(500);
    // After a rest it is full, and no fuller.
    expect(Array.from({ length: 6 }, () => buckets.take(7, 60_000))).toEqual([0, 0, 0, 0, 0, 500]);
    expect(buckets.take(8, 1_000)).toBe(0);
  });

  it("S80: fifty presses of a voter pass, ten thousand do not; nor does one network's flood of voters", () => {
    const limits = new VoteLimits();
    const vote = (voter: number, source: number, now_ms: number): void => {
      limits.checkNetwork("192.0.2.1", source, now_ms, OPEN_SITE);
      limits.checkVoter(voter, now_ms);
    };
    for (let press = 0; press < 50; press++) vote(1, 5, press * 20);
    const flood = () => {
      for (let press = 0; press < 10_000; press++) vote(1, 5, 1_000);
    };
    expect(flood).toThrow(TooFast);
    const crowd = () => {
      for (let n = 0; n < 10_000; n++) vote(100 + n, 6, 1_000);
    };
    expect(crowd).toThrow(TooFast);
    expect(() => vote(2, 7, 1_000)).not.toThrow();
  });

  it("S80: a refusal's policy is what the bucket does: so many at once, and as many again after its window", () => {
    for (const limits of [
      USUAL_LIMITS,
      { ...USUAL_LIMITS, votesAMinuteOfVoter: 30, votesAMinuteOfNetwork: 600 },
    ]) {
      const votes = new VoteLimits();
      for (const take of [
        (now_ms: number) => votes.checkVoter(1, now_ms, limits),
        (now_ms: number) => votes.checkNetwork("192.0.2.1", 1, now_ms, { id: "daily", limits }),
      ]) {
        const first = takeAll(take, 1_000);
        expect(first.taken).toBe(first.policy.quota);
        const later_ms = 1_000 + (first.policy.window_s ?? 0) * 1_000;
        expect(takeAll(take, later_ms).taken).toBe(first.policy.quota);
        // Half of the window brings half of the quota.
        expect(takeAll(take, later_ms + (first.policy.window_s ?? 0) * 500).taken).toBe(
          first.policy.quota / 2,
        );
      }
    }
  });

  it("V73: what a network sends one site takes nothing from another, whatever the limits of either are", () => {
    const limits = { ...USUAL_LIMITS, votesAMinuteOfNetwork: 1 };
    const sites = Array.from({ length: 5 }, (_, n) => ({ id: `site-${n}`, limits }));
    for (const address of ["192.0.2.1", "2001:db8:7:1::1"]) {
      const votes = new VoteLimits();
      for (const site of sites) votes.checkNetwork(address, 7, 1_000, site);
      for (const site of sites) expect(() => votes.checkNetwork(address, 7, 1_000, site)).toThrow(TooFast);
      // The next one's bucket is full again.
      votes.checkNetwork(address, 8, 1_000, OPEN_SITE);
    }
  });

  it("S80: networks of a site share a bucket as seldom as chance has it", () => {
    const votes = new VoteLimits();
    const site = { id: "daily", limits: { ...USUAL_LIMITS, votesAMinuteOfNetwork: 1 } };
    let refused = 0;
    for (let network = 0; network < 4_096; network++) {
      try {
        // Any neighbourhood, any network in it.
        votes.checkNetwork("192.0.2.1", (network * 2_654_435) % 2 ** 24, 1_000, site);
      } catch {
        refused++;
      }
    }
    // By chance 4,096 of 65,536 buckets would be shared by about 125.
    expect(refused).toBeLessThan(250);
  });

  it("S80: votes of an IPv6 /48 count together, those of an IPv4 /24 do not", () => {
    const votes = (addressOf: (network: number) => string) => {
      const limits = new VoteLimits();
      let n = 0;
      return (now_ms: number): void => {
        const network = n++ % 1_000;
        limits.checkNetwork(addressOf(network), firstSourceOf(9) + (network % 64), now_ms, OPEN_SITE);
      };
    };
    const { taken, policy } = takeAll(
      votes((network) => `2001:db8:7:${network}::1`),
      1_000,
    );
    expect(taken).toBe(60_000);
    expect(policy).toEqual({ name: "votes-of-neighbourhood", quota: 60_000, window_s: 60 });
    for (const prefix of ["192.0.2", "::ffff:192.0.2"]) {
      const vote = votes((network) => `${prefix}.${network % 256}`);
      for (let n = 0; n < 61_000; n++) vote(1_000);
    }
  });
});

/** How many are let through until the first is not, and what that one is told. */
function takeAll(take: (now_ms: number) => void, now_ms: number): { taken: number; policy: QuotaPolicy } {
  for (let taken = 0; ; taken++) {
    try {
      take(now_ms);
    } catch (error) {
      if (!(error instanceof TooFast)) throw error;
      return { taken, policy: error.policy };
    }
  }
}
