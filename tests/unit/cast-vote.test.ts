import { describe, expect, it } from "vitest";
import { castVote, type Outcome } from "../../services/widget/cast-vote.ts";
import { Choice } from "../../services/widget/choice.ts";
import { ServiceError } from "../../shared/client/service-error.ts";
import { type ProblemCode, problem } from "../../shared/contract/problems.ts";

/** A service that answers the votes sent to it as the list says. */
function service(answers: readonly (ProblemCode | "ok")[]) {
  const left = [...answers];
  const sent: (string | null)[] = [];
  const vote = async (_page: string, reaction: string | null) => {
    sent.push(reaction);
    const answer = left.shift();
    if (answer === undefined) throw new Error("sent once too often");
    if (answer !== "ok") {
      const { title, status, retryable } = problem(answer);
      throw new ServiceError(answer, title, status, retryable);
    }
    return { page: "p", reaction, at: 1 };
  };
  return { sent, vote };
}

describe("a vote that nobody knows whether it arrived", () => {
  it("P14: is taken back when it is refused later, since the earlier one may have arrived", async () => {
    const choice = new Choice();
    const { sent, vote } = service(["unavailable", "page_frozen", "ok"]);
    const told: Outcome[] = [];
    const cast = () => castVote({ vote }, "p", choice, (outcome) => told.push(outcome));
    choice.press("great");
    await cast();
    expect(choice.pending).toBe(true);
    await cast();
    expect(sent).toEqual(["great", "great", null]);
    expect(choice.wanted).toBe(null);
    expect(choice.pending).toBe(false);
    expect(told.map(({ error }) => error?.code)).toEqual(["unavailable", "page_frozen", undefined]);
  });

  it("P14: is not sent for ever when taking it back is refused, too", async () => {
    const choice = new Choice();
    const { sent, vote } = service(["unavailable", "page_frozen", "page_frozen"]);
    const cast = () => castVote({ vote }, "p", choice, () => {});
    choice.press("great");
    await cast();
    await cast();
    expect(sent).toEqual(["great", "great", null]);
    expect(choice.wanted).toBe(null);
  });

  it("P14: a vote that is refused at once is refused once", async () => {
    const choice = new Choice();
    const { sent, vote } = service(["page_frozen"]);
    choice.press("great");
    await castVote({ vote }, "p", choice, () => {});
    expect(sent).toEqual(["great"]);
    expect(choice.pending).toBe(false);
  });
});
