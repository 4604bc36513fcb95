import { describe, expect, it } from "vitest";
import { type CallCost, simulateRush } from "./hot-rush.ts";

/** As measured by `npm run bench:scale -- hot`; see docs/CAPACITY.md. */
const cost: CallCost = { call_us: 196, vote_us: 6.43, listener_us: 2 };

/** A commit, a round of the worker, two beats of `PageCalls` and a call: a page that was forgotten waits for two. */
const USUAL_MS_MAX = 5 + 20 + 2 * 50 + 5;

describe("a rush on one page", () => {
  it("V86: 50,000 votes a second are in the totals as soon as few are", async () => {
    const end = await simulateRush({ votesASecond: 50_000, seconds: 10, listeners: 10, cost });
    expect(end.tallied).toBe(500_000);
    expect(end.busy).toBeGreaterThan(0.3);
    expect(end.busy).toBeLessThan(0.6);
    expect(end.late_ms_max).toBeLessThan(USUAL_MS_MAX);
    expect(end.caughtUp_ms).toBeLessThan(USUAL_MS_MAX);
  });

  it("V86: at ten times that the counts fall behind and catch up; no vote is lost", async () => {
    const end = await simulateRush({ votesASecond: 500_000, seconds: 4, listeners: 100, cost });
    expect(end.tallied).toBe(2_000_000);
    expect(end.busy).toBeGreaterThan(0.99);
    // All calls are full: merging does all that it can.
    expect(end.calls).toBe(2_000_000 / 200);
    expect(end.caughtUp_ms).toBeGreaterThan(10_000);
    expect(end.late_ms_max).toBeGreaterThan(10_000);
  });

  it("V86: few votes are merged, but none waits longer than a round and two beats", async () => {
    const end = await simulateRush({ votesASecond: 1_000, seconds: 5, listeners: 2, cost });
    expect(end.tallied).toBe(5_000);
    expect(end.calls).toBeLessThanOrEqual(5 * 20 + 2);
    expect(end.late_ms_max).toBeLessThan(USUAL_MS_MAX);
  });
});
