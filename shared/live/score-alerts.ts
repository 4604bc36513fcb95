/**
 * What is odd about how a page's votes come; pure. Odds are bounded after Chernoff (A measure of asymptotic efficiency,
 * 1952): of a Poisson variable of mean m, P(X ≥ x) ≤ exp(x − m − x ln(x / m)); of n draws with chance p, P(share ≥ q) ≤
 * exp(−n D(q ‖ p)). Both need no more than a logarithm and never make an event look rarer than it is.
 */
import type { BurstFacts, MoodFlipFacts, ThresholdFacts } from "../contract/alerts.ts";
import type { ReactionSet } from "../contract/reactions.ts";
import { STEP_MS } from "../contract/timeline.ts";
import type { Threshold } from "../contract/webhooks.ts";
import type { TimedChange } from "../tallies/read-timeline.ts";

/** Facts and how surprising they are. */
export interface Scored<Facts> {
  readonly score: number;
  readonly why: Facts;
}

/** One in a million by chance; below it nobody is told. */
export const SCORE_MIN = 6;

/** A burst is looked for in the last five minutes, the one under way among them, and held against three hours before. */
const BURST_MINUTES = 5;
const PAST_WINDOWS = 36;

/** A page that has been voted on for less than half an hour has no past yet. */
const PAST_WINDOWS_MIN = 6;

/** Fewer votes are no news, whatever the odds. */
const BURST_VOTES_MIN = 20;
const BURST_FACTOR_MIN = 3;

const MOOD_MINUTES = 30;
const MOOD_VOTES_MIN = 30;
const MOOD_BEFORE_MIN = 50;

/** Scales the median of absolute deviations to a standard deviation where things vary as usual. */
const MAD_SCALE = 1.4826;

/** How far back `changes` must reach, ms. */
export const PAST_MS = (PAST_WINDOWS + 1) * BURST_MINUTES * STEP_MS.minute;

/** Votes that each minute gained, the one under way last; what was taken back or taken out is not among them. */
function gains(
  changes: readonly TimedChange[],
  now_ms: number,
  minutes: number,
  reaction?: number,
): number[] {
  const newest = Math.floor(now_ms / STEP_MS.minute);
  const gained = Array.from({ length: minutes }, () => 0);
  for (const change of changes) {
    const place = minutes - 1 - (newest - Math.floor(change.at / STEP_MS.minute));
    if (place < 0 || place >= minutes || change.change <= 0) continue;
    if (reaction === undefined || reaction === change.reaction)
      gained[place] = (gained[place] ?? 0) + change.change;
  }
  return gained;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/**
 * Far more votes than the page's own past lets expect: the usual is the median of its windows of five minutes, and what one
 * deviation above it would be (by the median of deviations, which a burst does not move) is still held for usual.
 * @param changes by minute, of the last `PAST_MS`
 */
export function scoreBurst(changes: readonly TimedChange[], now_ms: number): Scored<BurstFacts> | undefined {
  const minutes = gains(changes, now_ms, (PAST_WINDOWS + 1) * BURST_MINUTES);
  const windows = Array.from({ length: PAST_WINDOWS + 1 }, (_, index) =>
    sum(minutes.slice(index * BURST_MINUTES, (index + 1) * BURST_MINUTES)),
  );
  const votes = windows.pop() ?? 0;
  const past = windows.slice(windows.findIndex((count) => count > 0));
  if (windows.every((count) => count === 0) || past.length < PAST_WINDOWS_MIN) return undefined;
  const usual = median(past);
  const spread = MAD_SCALE * median(past.map((count) => Math.abs(count - usual)));
  // Where nothing is usual, one vote an hour is.
  const mean = Math.max(usual + spread, BURST_MINUTES / 60);
  if (votes < BURST_VOTES_MIN || votes < BURST_FACTOR_MIN * mean) return undefined;
  const score = (votes * Math.log(votes / mean) - votes + mean) / Math.LN10;
  if (score < SCORE_MIN) return undefined;
  return {
    score: rounded(score),
    why: { kind: "burst", votes, minutes: BURST_MINUTES, usual: rounded(usual) },
  };
}

/**
 * Readers of the last half hour feel otherwise than all before them.
 * @param totals of now, by index
 */
export function scoreMoodFlip(
  changes: readonly TimedChange[],
  totals: readonly number[],
  reactions: ReactionSet,
  now_ms: number,
): Scored<MoodFlipFacts> | undefined {
  const recent = reactions.map((_, index) => sum(gains(changes, now_ms, MOOD_MINUTES, index)));
  const before = reactions.map((_, index) => Math.max(0, (totals[index] ?? 0) - (recent[index] ?? 0)));
  const [votes, votesBefore] = [sum(recent), sum(before)];
  if (votes < MOOD_VOTES_MIN || votesBefore < MOOD_BEFORE_MIN) return undefined;
  const [leads, led] = [recent.indexOf(Math.max(...recent)), before.indexOf(Math.max(...before))];
  const [to, from] = [reactions[leads], reactions[led]];
  const shareNow = (recent[leads] ?? 0) / votes;
  // One imagined vote for each reaction: what nobody has felt yet is not impossible.
  const shareBefore = ((before[leads] ?? 0) + 1) / (votesBefore + reactions.length);
  if (to === undefined || from === undefined || leads === led || shareNow < 0.5) return undefined;
  const apart = (q: number, p: number): number => (q === 0 ? 0 : q * Math.log(q / p));
  const score = (votes * (apart(shareNow, shareBefore) + apart(1 - shareNow, 1 - shareBefore))) / Math.LN10;
  if (shareNow <= shareBefore || score < SCORE_MIN) return undefined;
  const shares = { shareBefore: rounded(shareBefore), shareNow: rounded(shareNow) };
  return {
    score: rounded(score),
    why: { kind: "mood-flip", votes, minutes: MOOD_MINUTES, from, to, ...shares },
  };
}

/** Whether a reaction gained as much as a limit says. */
export function scoreThreshold(
  changes: readonly TimedChange[],
  { reaction, votes: limit, minutes }: Threshold,
  reactions: ReactionSet,
  now_ms: number,
): Scored<ThresholdFacts> | undefined {
  const index = reactions.indexOf(reaction);
  const votes = index === -1 ? 0 : sum(gains(changes, now_ms, minutes, index));
  if (votes < limit) return undefined;
  return { score: rounded(votes / limit), why: { kind: "threshold", reaction, votes, minutes, limit } };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
