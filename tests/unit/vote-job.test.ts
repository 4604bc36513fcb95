import { describe, expect, it } from "vitest";
import { callsOf } from "../../services/worker/tally-votes.ts";
import { VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import { type AcceptedVote, fromVoteJob, toVoteJob, VoteJobError } from "../../shared/votes/vote-job.ts";

const VOTE: AcceptedVote = {
  site: "default",
  page: "p",
  voter: "0123456789abcdef",
  reaction: 2,
  at: 1_700_000_000_000,
  source: 7,
};

describe("the job of a commit", () => {
  it("V10: carries its votes in order", () => {
    const votes = [VOTE, { ...VOTE, reaction: null }, { ...VOTE, page: "q", source: 2 ** 24 - 1 }];
    expect(fromVoteJob(JSON.parse(JSON.stringify(toVoteJob(votes))))).toEqual(votes);
  });

  it("V13: anything else is no job", () => {
    const row = ["default", "p", "0123456789abcdef", 2, 5, 7];
    const rows = [
      ["Default"],
      [0, ""],
      [2, "xyz"],
      [3, 24],
      [3, "great"],
      [4, -1],
      [4, 2 ** 42],
      [5, 0.5],
    ].map(([at, value]) => (typeof at === "number" ? row.with(at, value as string | number) : [at]));
    const bad: readonly unknown[] = [
      null,
      [],
      {},
      { version: 3, votes: [] },
      { version: 1 },
      ...rows.map((r) => ({ version: 1, votes: [r] })),
    ];
    for (const data of bad) expect(() => fromVoteJob(data), JSON.stringify(data)).toThrow(VoteJobError);
  });

  it("V10: is tallied with one call a page, more only when a page has too many votes for one", () => {
    const many = Array.from({ length: VOTES_A_CALL_MAX + 1 }, (_, i) => ({ ...VOTE, at: i }));
    const calls = callsOf([{ ...VOTE, page: "q" }, ...many, { ...VOTE, site: "other" }]);
    expect(calls.map(({ site, page, votes }) => [site, page, votes.length])).toEqual([
      ["default", "q", 1],
      ["default", "p", VOTES_A_CALL_MAX],
      ["default", "p", 1],
      ["other", "p", 1],
    ]);
    expect(calls.flatMap(({ votes }) => votes.map(({ at }) => at)).slice(1, -1)).toEqual(
      many.map(({ at }) => at),
    );
  });
});
