import { describe, expect, it } from "vitest";
import { TooFast } from "../../shared/contract/problems.ts";
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
    for (let press = 0; press < 50; press++) limits.check("00112233aabbccdd", 5, press * 20);
    const flood = () => {
      for (let press = 0; press < 10_000; press++) limits.check("00112233aabbccdd", 5, 1_000);
    };
    expect(flood).toThrow(TooFast);
    const crowd = () => {
      for (let n = 0; n < 10_000; n++)
        limits.check(n.toString(16).padStart(8, "0").padEnd(16, "0"), 6, 1_000);
    };
    expect(crowd).toThrow(TooFast);
    expect(() => limits.check("ffeeddcc00000000", 7, 1_000)).not.toThrow();
  });
});
