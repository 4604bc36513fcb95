/** How those who asked were answered, and how long they waited for it. */
import type { VoteAsked } from "./history.ts";

export interface Answers {
  /** Longest time until a 503, ms. */
  readonly refusal_ms_max: number;
  /** Longest time until any answer, ms. */
  readonly wait_ms_max: number;
  /** Requests that no answer came to. */
  readonly unanswered: number;
  /** Those that were refused by something else than a 503. */
  readonly otherwiseRefused: number;
}

export function answersTo(votes: readonly VoteAsked[]): Answers {
  const longest = (some: readonly VoteAsked[]): number =>
    some.reduce((most, { began_ms, ended_ms }) => Math.max(most, ended_ms - began_ms), 0);
  return {
    refusal_ms_max: longest(votes.filter(({ status }) => status === 503)),
    wait_ms_max: longest(votes.filter(({ status }) => status !== 0)),
    unanswered: votes.filter(({ status }) => status === 0).length,
    otherwiseRefused: votes.filter(({ status }) => status >= 400 && status !== 503).length,
  };
}
