import { describe, expect, it } from "vitest";
import { between } from "../../shared/live/measure-process.ts";
import { scoreBurst, scoreMoodFlip } from "../../shared/live/score-alerts.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 24, 12, 30, 20);

/** So many votes in each of the minutes `from` to `to` ago. */
function steady(votes: number, from: number, to: number, reaction = 0) {
  return Array.from({ length: from - to + 1 }, (_, index) => {
    const minute = Math.floor(NOW / MINUTE) - from + index;
    return { at: minute * MINUTE, reaction, change: votes };
  });
}

describe("bursts", () => {
  it("M60: more than the page's own past makes likely, however loud that past is", () => {
    expect(scoreBurst([...steady(2, 120, 5), ...steady(20, 4, 0)], NOW)).toMatchObject({
      why: { votes: 100, minutes: 5, usual: 10 },
    });
    expect(scoreBurst([...steady(200, 120, 5), ...steady(260, 4, 0)], NOW)).toBeUndefined();
    expect(scoreBurst(steady(2, 120, 0), NOW)).toBeUndefined();
  });

  it("M60: an earlier burst does not hide the next, and a silent page may have one", () => {
    const before = [...steady(1, 150, 5), ...steady(50, 90, 85)];
    expect(scoreBurst([...before, ...steady(20, 4, 0)], NOW)?.score).toBeGreaterThan(20);
    expect(scoreBurst([...steady(1, 100, 100), ...steady(10, 4, 0)], NOW)?.score).toBeGreaterThan(20);
  });

  it("M60: neither few votes, nor a page without a past, nor votes taken back", () => {
    expect(scoreBurst([...steady(1, 100, 100), ...steady(3, 4, 0)], NOW)).toBeUndefined();
    expect(scoreBurst(steady(50, 10, 0), NOW)).toBeUndefined();
    expect(scoreBurst([...steady(2, 120, 5), ...steady(-50, 4, 0)], NOW)).toBeUndefined();
  });

  it("M60: the score is the exponent of odds that are never overstated", () => {
    // P(X ≥ 30 | mean 5) = 1.2e-13 (summed up exactly): the bound must not claim less.
    const past = steady(1, 179, 5);
    const score = scoreBurst([...past, ...steady(6, 4, 0)], NOW)?.score ?? 0;
    expect(score).toBeGreaterThan(11);
    expect(score).toBeLessThanOrEqual(12.9);
  });
});

describe("mood flips", () => {
  const reactions = ["great", "angry"];

  it("M62: another reaction leads than before", () => {
    const found = scoreMoodFlip(steady(4, 14, 0, 1), [200, 70], reactions, NOW);
    expect(found).toMatchObject({ why: { from: "great", to: "angry", votes: 60, shareNow: 1 } });
    expect(found?.score).toBeGreaterThan(30);
  });

  it("M62: not when it led before, nor with few votes", () => {
    expect(scoreMoodFlip(steady(4, 14, 0, 1), [20, 260], reactions, NOW)).toBeUndefined();
    expect(scoreMoodFlip(steady(1, 14, 0, 1), [200, 15], reactions, NOW)).toBeUndefined();
    expect(scoreMoodFlip(steady(4, 14, 0, 1), [40, 60], reactions, NOW)).toBeUndefined();
  });
});

describe("a process's own metrics", () => {
  it("S68: rates and quantiles are those of the time between two readings", () => {
    const before = {
      at_ms: 0,
      accepted: 100,
      tallied: 90,
      refused: new Map([["page_invalid", 3]]),
      commit: new Map([
        [0.001, 50],
        [0.01, 100],
        [Number.POSITIVE_INFINITY, 100],
      ]),
      tally: new Map([[0.001, 5]]),
    };
    const after = {
      ...before,
      at_ms: 10_000,
      accepted: 300,
      refused: new Map([
        ["page_invalid", 3],
        ["overloaded", 20],
      ]),
      commit: new Map([
        [0.001, 150],
        [0.01, 200],
        [Number.POSITIVE_INFINITY, 200],
      ]),
    };
    expect(between(before, after)).toEqual({
      accepted: 20,
      tallied: 0,
      refused: { overloaded: 2 },
      commit: { p50_ms: 0.5, p99_ms: 0.99 },
      tally: { p50_ms: null, p99_ms: null },
    });
  });
});
