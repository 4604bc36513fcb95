/** The two parsers of a vote, the API's schema and the browser-safe one, must agree on everything. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseVoteBody } from "../../services/api/schemas.ts";
import { type ProblemCode, Refusal } from "../../shared/contract/problems.ts";
import { parseVoteRequest } from "../../shared/contract/votes.ts";
import { Voters } from "../../shared/votes/voters.ts";

const token = new Voters([{ id: "1", secret: "a secret that only tests know" }]).issue("default").token;

const page = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.constant("__proto__"),
  fc.string({ minLength: 500, maxLength: 520 }),
  fc.anything(),
);
const reaction = fc.oneof(fc.constantFrom("great", "sad", null, "GREAT", "", "constructor"), fc.anything());
const voter = fc.oneof(fc.constantFrom(token, `${token}x`, "", undefined), fc.anything());
const body = fc.oneof(
  fc.record({ page, reaction, voter }, { requiredKeys: [] }),
  fc.record({ page: fc.constant("p"), reaction: fc.constantFrom("great", null), voter }),
  fc.anything(),
);

function outcome(parse: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code satisfies ProblemCode;
    throw error;
  }
}

describe("parsing votes", () => {
  it("S2, P8: the HTTP and the socket parser take and refuse the same", () => {
    fc.assert(
      fc.property(body, (value) => {
        expect(outcome(parseVoteBody, value)).toEqual(outcome(parseVoteRequest, value));
      }),
      { numRuns: 3_000 },
    );
  });
});
