import { describe, expect, it } from "vitest";
import { sparkOf } from "../../shared/live/sparks.ts";
import { timelinePoints } from "../../shared/tallies/timeline-points.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 24, 12, 30, 20);
const AT = (hour: number, minute: number) => Date.UTC(2026, 10, 24, hour, minute);
const REACTIONS = ["yes", "no"];
const CHANGES = [
  { at: AT(12, 29), reaction: 1, change: -2 },
  { at: AT(12, 10), reaction: 0, change: 5 },
  { at: AT(12, 10), reaction: 1, change: 3 },
  { at: AT(12, 30), reaction: 0, change: 1 },
];

describe("points of a timeline", () => {
  it("C30: tell the counts at each moment, counted back from the totals", () => {
    const found = { at: NOW, totals: [106, 11], changes: CHANGES };
    const points = timelinePoints(
      found,
      { from: AT(12, 28) + 5, to: NOW + MINUTE, step: "minute" },
      REACTIONS,
    );
    expect(points).toEqual([
      { at: AT(12, 28), counts: { yes: 105, no: 13 } },
      { at: AT(12, 29), counts: { yes: 105, no: 13 } },
      { at: AT(12, 30), counts: { yes: 105, no: 11 } },
      { at: NOW, counts: { yes: 106, no: 11 } },
    ]);
    const hours = timelinePoints(found, { from: AT(11, 0), to: AT(12, 5), step: "hour" }, REACTIONS);
    expect(hours).toEqual([
      { at: AT(11, 0), counts: { yes: 100, no: 10 } },
      { at: AT(12, 0), counts: { yes: 100, no: 10 } },
    ]);
  });

  it("C30: are never below zero, and one for each step", () => {
    const found = { at: NOW, totals: [], changes: [{ at: AT(12, 10), reaction: 0, change: 5 }] };
    const points = timelinePoints(found, { from: AT(10, 0), to: NOW, step: "minute" }, REACTIONS);
    expect(points).toHaveLength(152);
    expect(points.every(({ counts }) => counts.yes === 0 && counts.no === 0)).toBe(true);
  });

  it("P40: the last half hour is thirty numbers, the one under way last", () => {
    const spark = sparkOf([...CHANGES, { at: AT(12, 0), reaction: 0, change: 50 }], NOW);
    expect(spark).toHaveLength(30);
    expect(spark.slice(-3)).toEqual([0, -2, 1]);
    expect(spark[9]).toBe(8);
    expect(spark.reduce((sum, change) => sum + change, 0)).toBe(7);
  });
});
