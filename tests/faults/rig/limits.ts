/** What a fault must stay within, besides that nothing may be found: compared in the table, and binding with `--strict`. */
import type { Answers } from "./answers.ts";
import type { Measured } from "./round.ts";

export interface Limits {
  /** Fewer strikes than these prove nothing yet. */
  readonly strikes?: number;
  /** Votes that must be asked for a second. */
  readonly askedASecond?: number;
  /** Longest time until a vote is refused, ms; and then it is refused by 503, never otherwise and never left without answer. */
  readonly refusal_ms?: number;
  /** From the end of the fault to the first vote accepted, ms. */
  readonly recovered_ms?: number;
  /** The most of what the fault measures, by its name, in the unit that it is measured in. */
  readonly measured?: Readonly<Record<string, number>>;
}

/** The worst that all rounds of a fault came to. */
export interface Worst {
  readonly strikes: number;
  readonly askedASecond: number;
  readonly answers: Answers;
  readonly recovered_ms: number;
  readonly measured: ReadonlyMap<string, Measured>;
}

/** What was not met, in words. */
export function missedLimits(limits: Limits, worst: Worst): readonly string[] {
  const { answers, recovered_ms, measured } = worst;
  const { refusal_ms: refusal_ms_max, recovered_ms: recovered_ms_max } = limits;
  const missed: string[] = [];
  if (limits.strikes !== undefined && worst.strikes < limits.strikes)
    missed.push(`${limits.strikes} times are needed`);
  if (limits.askedASecond !== undefined && worst.askedASecond < limits.askedASecond)
    missed.push(`${limits.askedASecond} votes a second are needed`);
  if (refusal_ms_max !== undefined) {
    const { refusal_ms_max: longest_ms, unanswered, otherwiseRefused } = answers;
    if (longest_ms > refusal_ms_max) missed.push(`refused after more than ${refusal_ms_max / 1_000} s`);
    if (unanswered > 0) missed.push(`${unanswered} without an answer`);
    if (otherwiseRefused > 0) missed.push(`${otherwiseRefused} refused by something else than 503`);
  }
  if (recovered_ms_max !== undefined && recovered_ms > recovered_ms_max)
    missed.push(`first 202 after more than ${recovered_ms_max / 1_000} s`);
  for (const [what, most] of Object.entries(limits.measured ?? {})) {
    const found = measured.get(what);
    if (found === undefined) missed.push(`${what}: not measured`);
    // Also when it is no number.
    else if (!(found.value <= most)) missed.push(`${what}: more than ${most} ${found.unit}`);
  }
  return missed;
}
