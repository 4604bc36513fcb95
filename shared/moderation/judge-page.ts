/** How odd the recent and the held votes of a page look; pure, so that tests can show it any. */

/** A vote of the last hour, or a held one, as far as it matters here. */
export interface OddVote {
  /** Redis time, ms. */
  readonly at: number;
  /** 24 bits. */
  readonly source: number;
}

export interface Judgement {
  /** 0 to 1. */
  readonly score: number;
  readonly why: readonly string[];
  /** The source that most of it comes from, and the time of its votes. */
  readonly source: number;
  readonly since: number;
  readonly until: number;
  readonly matching: number;
  /** Votes looked at. */
  readonly looked: number;
}

/** Fewer votes than that say nothing. */
export const VOTES_MIN = 20;

/** A school or an office behind one address may send this share of a page's votes. */
const SHARE_USUAL = 0.3;

/** People press irregularly: gaps between their votes vary by about as much as they last (a coefficient near 1). */
const VARIATION_USUAL = 0.5;

/**
 * Judges votes by the largest source's share of them, by how even its rhythm is, and by how many are held.
 * @param votes those of the last hour, and held ones of whatever age
 * @param held how many votes of the page are held, of whatever age
 * @returns undefined when nothing is odd
 */
export function judgePage(votes: readonly OddVote[], held = 0): Judgement | undefined {
  if (votes.length === 0 || (votes.length < VOTES_MIN && held === 0)) return undefined;
  const bySource = new Map<number, number[]>();
  for (const { at, source } of votes) {
    const times = bySource.get(source) ?? [];
    bySource.set(source, times);
    times.push(at);
  }
  const [largest] = [...bySource].sort(([, a], [, b]) => b.length - a.length);
  if (largest === undefined || (largest[1].length < VOTES_MIN / 2 && held === 0)) return undefined;
  const [source, times] = largest;
  times.sort((a, b) => a - b);
  const share = times.length / votes.length;
  const crowded = above(share, SHARE_USUAL);
  const variation = times.length < VOTES_MIN ? VARIATION_USUAL : variationOf(times);
  const even = above(1 - variation, 1 - VARIATION_USUAL);
  // Both together are worse than either.
  const implausible = held / (held + votes.length);
  const score = 1 - (1 - crowded) * (1 - even) * (1 - implausible);
  if (score === 0) return undefined;
  const why: string[] = [];
  if (held > 0) why.push(heldSentence(held));
  if (crowded > 0) {
    why.push(
      `One network sent ${times.length} of ${votes.length} votes of the last hour${held > 0 ? " and held ones" : ""}.`,
    );
  }
  if (even > 0) {
    why.push(`Its votes come as evenly as a machine's: gaps vary by ${Math.round(variation * 100)} %.`);
  }
  const [since = 0, until = 0] = [times[0], times.at(-1)];
  return { score, why, source, since, until, matching: times.length, looked: votes.length };
}

/** Why votes are held, in words. */
export function heldSentence(held: number): string {
  return `${held} ${held === 1 ? "vote is" : "votes are"} held: too many from one network or from crowds.`;
}

/** 0 up to `usual`, then growing to 1. */
function above(value: number, usual: number): number {
  return Math.max(0, (value - usual) / (1 - usual));
}

/** Deviation of the gaps between times, as a share of their mean; votes all at once count as even. */
function variationOf(times: readonly number[]): number {
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  if (mean === 0) return 0;
  const square = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return Math.sqrt(square) / mean;
}
