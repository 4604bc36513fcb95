import { randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkHistory } from "../faults/rig/check-history.ts";
import type { VoteAsked } from "../faults/rig/history.ts";
import { Random } from "../faults/rig/random.ts";
import { loadBroken } from "./broken-simulation.ts";
import { KNOWN_FAULTS, STEPS } from "./planted-faults.ts";
import { simulate } from "./simulate.ts";

async function findingsOf(simulation: typeof simulate, seed: number): Promise<readonly string[]> {
  const { history, final, unfinished } = await simulation(new Random(seed), STEPS);
  const kinds = checkHistory(history, final).map(({ kind }) => kind);
  return unfinished === 0 ? kinds : [...kinds, "unfinished"];
}

describe("the way of a vote, simulated", () => {
  it("V2, V3, V10, P2, P6, P7: holds whatever is delayed, doubled, reordered or lost on the way", async () => {
    const seed = randomInt(2 ** 31);
    for (let world = 0; world < 5; world++) {
      const { history, final, calls, unfinished } = await simulate(new Random(seed + world), 10_000);
      expect(checkHistory(history, final), `seed ${seed + world}`).toEqual([]);
      expect(unfinished, `seed ${seed + world}`).toBe(0);
      // What was late, doubled and sent again was so in this world, too.
      const tallied = calls.flatMap(({ votes }) =>
        votes.map(({ page, voter, at }) => `${page} ${voter} ${at}`),
      );
      expect(new Set(tallied).size).toBeLessThan(tallied.length);
      const unknown = history.votes.filter(({ outcome }) => outcome === "unknown");
      const isSentAgain = ({ outcome, voter, page, reaction, began_ms }: VoteAsked): boolean =>
        outcome === "accepted" &&
        unknown.some(
          (before) =>
            before.voter === voter &&
            before.page === page &&
            before.reaction === reaction &&
            before.ended_ms <= began_ms,
        );
      expect(history.votes.some(isSentAgain)).toBe(true);
      const outcomes = new Set(history.votes.map(({ outcome }) => outcome));
      expect(outcomes).toEqual(new Set(["accepted", "unknown", "refused"]));
    }
  });

  for (const { title, seeds, kind, ...fault } of KNOWN_FAULTS) {
    it(`${title}: seeds ${seeds.join(", ")} would show it`, async () => {
      const broken = await loadBroken(fault);
      for (const seed of seeds) {
        expect(await findingsOf(simulate, seed), `seed ${seed}`).toEqual([]);
        expect(await findingsOf(broken.simulate, seed), `seed ${seed}, broken`).toContain(kind);
      }
    });
  }

  it("the same seed is the same world", async () => {
    const [one, other] = await Promise.all([1, 1].map((seed) => simulate(new Random(seed), 2_000)));
    expect(one).toEqual(other);
  });
});
