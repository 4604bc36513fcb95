/** When each process took votes again: one that does must not hide that another does not. */
import { describe, expect, it } from "vitest";
import { firstAccepted } from "./rig/first-accepted.ts";
import { History, type VoteAsked } from "./rig/history.ts";
import { asked, unanswered } from "./rig/sound-history.ts";

const API = { name: "api", url: "http://api" } as const;
const REALTIME = { name: "realtime", url: "http://realtime" } as const;

function afterOf(...votes: readonly VoteAsked[]): readonly number[] {
  const history = new History();
  history.votes.push(...votes);
  return firstAccepted(history, [API, REALTIME], 20_000).map(({ after_ms }) => after_ms);
}

const accepted = (at: number, { url }: { readonly url: string }): VoteAsked =>
  asked("a", at, "sad", { process: url });

describe("the first vote accepted", () => {
  it("is told of each process", () =>
    expect(afterOf(accepted(20_100, API), accepted(20_200, API), accepted(21_000, REALTIME))).toEqual([
      105, 1_005,
    ]));

  it("is none of one that was asked before, or that was not answered", () =>
    expect(
      afterOf(accepted(20_000, REALTIME), accepted(20_300, API), {
        ...unanswered("a", 20_400, "sad"),
        process: REALTIME.url,
      }),
    ).toEqual([305, Number.POSITIVE_INFINITY]));
});
