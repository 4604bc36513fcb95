import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HeavyHitters } from "../../services/api/heavy-hitters.ts";

const KEPT = 8;

function topOf(values: readonly number[], most: number): readonly number[] {
  const hitters = new HeavyHitters(KEPT);
  for (const value of values) hitters.add(value);
  return hitters.top(most);
}

/** Each value with how often it is there, most frequent first; of equals the one that came first. */
function countsOf(values: readonly number[]): readonly (readonly [value: number, count: number])[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

describe("the most frequent of many values", () => {
  it("S151: are exact while there are no more different ones than are kept", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: KEPT - 1 })), fc.integer({ min: 1, max: KEPT }), (values, most) => {
        const exact = countsOf(values).map(([value]) => value);
        expect(topOf(values, most)).toEqual(exact.slice(0, most));
      }),
    );
  });

  it("S151: are there, however many others come, and no more are kept than there is room for", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 300 }), (values) => {
        const kept = topOf(values, values.length);
        expect(kept.length).toBeLessThanOrEqual(KEPT);
        for (const [value, count] of countsOf(values))
          if (count > values.length / KEPT) expect(kept).toContain(value);
      }),
    );
  });
});
