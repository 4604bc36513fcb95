/** Spans of time, and how finely to look at them. */

export interface Range {
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
}

export type Step = "minute" | "hour" | "day";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Minutes are kept this long, hours for 400 days. */
const MINUTES_KEPT_MS = 48 * HOUR_MS;

/** What the picker offers, by length. */
export const SPANS_MS = {
  "1h": HOUR_MS,
  "6h": 6 * HOUR_MS,
  "24h": DAY_MS,
  "48h": 2 * DAY_MS,
  "7d": 7 * DAY_MS,
  "30d": 30 * DAY_MS,
  "400d": 400 * DAY_MS,
} as const;
export type Span = keyof typeof SPANS_MS;
export const SPANS = ["1h", "6h", "24h", "48h", "7d", "30d", "400d"] as const satisfies readonly Span[];

/** The span that ends now. */
export function lately(span: Span, now: number): Range {
  return { from: now - SPANS_MS[span], to: now };
}

/** The coarsest answer that still shows something: never more than a few thousand points, never finer than what is kept. */
export function stepOf({ from, to }: Range, now: number): Step {
  const long_ms = to - from;
  if (long_ms <= 2 * DAY_MS && now - from <= MINUTES_KEPT_MS + MINUTE_MS) return "minute";
  return long_ms <= 60 * DAY_MS ? "hour" : "day";
}

/** A range that somebody drew or typed, made one that there can be: not in the future, not shorter than five minutes. */
export function sensible({ from, to }: Range, now: number): Range {
  const end = Math.min(Math.max(from, to), now);
  const begin = Math.max(Math.min(from, to), now - SPANS_MS["400d"]);
  const long_ms = Math.max(end - begin, 5 * MINUTE_MS);
  return { from: Math.floor(end - long_ms), to: Math.ceil(end) };
}

/** An hour before and after a moment: where an alert leads. */
export function around(at: number, now: number): Range {
  return sensible({ from: at - HOUR_MS, to: at + HOUR_MS }, now);
}

/** Room for a browser's clock that is wrong by a little, and for the time that a question travels. */
const SLACK_MS = 5 * MINUTE_MS;

/** What can be asked for to show a range: its step, and no more than is kept at that step. */
export function askable(range: Range, now: number): Range & { readonly step: Step } {
  const step = stepOf(range, now);
  const kept_ms = (step === "minute" ? MINUTES_KEPT_MS : SPANS_MS["400d"]) - SLACK_MS;
  return { from: Math.max(range.from, now - kept_ms), to: range.to, step };
}
