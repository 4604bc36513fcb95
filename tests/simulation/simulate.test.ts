import { randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkHistory } from "../faults/rig/check-history.ts";
import { Random } from "../faults/rig/random.ts";
import { simulate } from "./simulate.ts";

describe("the way of a vote, simulated", () => {
  it("V2, V3, V10, P2, P6, P7: holds whatever is delayed, doubled, reordered or lost on the way", async () => {
    const seed = randomInt(2 ** 31);
    for (let world = 0; world < 5; world++) {
      const { history, final } = await simulate(new Random(seed + world), 10_000);
      expect(checkHistory(history, final), `seed ${seed + world}`).toEqual([]);
      const outcomes = new Set(history.votes.map(({ outcome }) => outcome));
      expect(outcomes).toEqual(new Set(["accepted", "unknown", "refused"]));
    }
  });

  it("P7: seeds 2997, 3649: a read from before a page's first vote, heard after it, does not take counts back", async () => {
    for (const seed of [2_997, 3_649]) {
      const { history, final } = await simulate(new Random(seed), 400);
      expect(checkHistory(history, final), `seed ${seed}`).toEqual([]);
    }
  });

  it("the same seed is the same world", async () => {
    const [one, other] = await Promise.all([1, 1].map((seed) => simulate(new Random(seed), 2_000)));
    expect(one).toEqual(other);
  });
});
