/**
 * - `lost`: an accepted vote is not there, and no later one of that voter took its place.
 * - `doubled`: a total is larger than its records or than those who voted, or a voter has more than one record on a page.
 * - `invented`: a record that nobody asked for, or not at that time, or whose vote was refused.
 * - `miscounted`: a total is smaller than its records, or counts that were told cannot be.
 * - `misordered`: a vote accepted well after another one has an older stamp, or a stamp that is not of its time.
 * - `stale`: a viewer, a voter or whoever asks was left with, or shown again, something old, or told nothing.
 * - `refused`: a vote that is in order was answered by something else than 202, 200 or 503.
 * - `crashed`: a service ended that nobody had ended, though others, or its next start, may have hidden it.
 * - `broken`: the round itself threw, so that nothing is proved.
 */
export type FindingKind =
  | "lost"
  | "doubled"
  | "invented"
  | "miscounted"
  | "misordered"
  | "stale"
  | "refused"
  | "crashed"
  | "broken";

export interface Finding {
  readonly kind: FindingKind;
  /** What and where, for people. */
  readonly detail: string;
}
