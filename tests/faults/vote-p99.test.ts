/** How long votes took: nothing that went wrong may look quick. */
import { describe, expect, it } from "vitest";
import { now_ms } from "./rig/clock.ts";
import { History, type VoteAsked } from "./rig/history.ts";
import { timesBefore, voteP99_ms } from "./rig/vote-p99.ts";

function historyOf(...votes: readonly Partial<VoteAsked>[]): History {
  const history = new History();
  for (const vote of votes)
    history.votes.push({
      voter: "v",
      page: "p",
      reaction: "sad",
      road: "http",
      began_ms: 1_000,
      ended_ms: 1_020,
      outcome: "accepted",
      status: 202,
      at: 1_010,
      ...vote,
    });
  return history;
}

describe("the p99 of votes", () => {
  it("is that of what was accepted since", () =>
    expect(voteP99_ms(historyOf({}, { began_ms: 0 }, { ended_ms: 1_030 }), 500)).toBe(30));

  it("leaves out sockets and those who would rather wait", () =>
    expect(
      voteP99_ms(historyOf({}, { road: "socket", ended_ms: 9_000 }, { waits: true, ended_ms: 9_000 }), 0),
    ).toBe(20));

  it.each<VoteAsked["outcome"]>(["refused", "unknown"])("is endless when a vote is %s", (outcome) =>
    expect(voteP99_ms(historyOf({}, { outcome }), 0)).toBe(Number.POSITIVE_INFINITY),
  );

  it("is at least as long as somebody has been waiting", () => {
    const history = historyOf({});
    history.underWay.add({
      voter: "v",
      page: "p",
      reaction: "sad",
      road: "http",
      began_ms: now_ms() - 5_000,
    });
    expect(voteP99_ms(history, 0)).toBeGreaterThanOrEqual(5_000);
  });

  it.each([
    [30, 10, 3],
    [30, Number.POSITIVE_INFINITY, Number.NaN],
    [30, 0, Number.NaN],
  ])("%d ms are compared with %d ms before", (meanwhile_ms, before_ms, times) =>
    expect(timesBefore(meanwhile_ms, before_ms)).toBe(times),
  );

  it("cannot be told when nobody voted", () =>
    expect(() => voteP99_ms(historyOf({ began_ms: 0 }), 500)).toThrow("nothing was measured"));
});
