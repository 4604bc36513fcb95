import { describe, expect, it } from "vitest";
import { PROBLEM_CODES, problem, Refusal } from "../../shared/contract/problems.ts";

describe("problems", () => {
  it("S1: each has a status, a sentence and says whether to try again", () => {
    for (const code of PROBLEM_CODES) {
      const { status, title, retryable, type } = problem(code);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).toMatch(/^[A-Z].*\.$/);
      expect(type).toBe(`/problems/${code}`);
      // Only what may pass by itself is worth another try; what was never built (501) does not.
      expect(retryable).toBe(status === 429 || (status >= 500 && status !== 501));
    }
  });

  it("S1: a retryable refusal says when to retry, another does not", () => {
    expect(new Refusal("unavailable").retryAfter_s).toBe(1);
    expect(new Refusal("voters_too_fast", undefined, 40).retryAfter_s).toBe(40);
    expect(new Refusal("page_invalid").retryAfter_s).toBeUndefined();
  });
});
