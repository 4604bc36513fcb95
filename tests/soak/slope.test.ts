import { describe, expect, it } from "vitest";
import { Random } from "../faults/rig/random.ts";
import { slopeOf } from "./slope.ts";

/** Half an hour of rounds of 20 s. */
const hours = Array.from({ length: 90 }, (_, round) => (round * 20) / 3_600);

describe("the slope of measurements", () => {
  it("is that of a line, without an error", () => {
    const { start, end, slopePerHour, errorPerHour } = slopeOf(hours.map((at_h) => [at_h, 100 + 8 * at_h]));
    expect(start).toBeCloseTo(100);
    expect(end).toBeCloseTo(100 + 8 * (hours.at(-1) ?? 0));
    expect(slopePerHour).toBeCloseTo(8);
    expect(errorPerHour).toBeCloseTo(0);
  });

  it("of noise is zero, give or take its error; a leak stands out of the same noise", () => {
    const random = new Random(1);
    const noise = hours.map(() => 10 * (random.next() - 0.5));
    const level = slopeOf(hours.map((at_h, n) => [at_h, 100 + (noise[n] ?? 0)]));
    expect(Math.abs(level.slopePerHour)).toBeLessThan(2 * level.errorPerHour);
    const leaking = slopeOf(hours.map((at_h, n) => [at_h, 100 + 30 * at_h + (noise[n] ?? 0)]));
    expect(leaking.slopePerHour - 2 * leaking.errorPerHour).toBeGreaterThan(20);
  });

  it("cannot be told from two measurements, or from one moment", () => {
    expect(() =>
      slopeOf([
        [0, 1],
        [1, 2],
      ]),
    ).toThrow("too few");
    expect(() =>
      slopeOf([
        [1, 1],
        [1, 2],
        [1, 3],
      ]),
    ).toThrow("too few");
  });
});
