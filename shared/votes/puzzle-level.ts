/** Who is asked for a puzzle, and for how hard a one. */
import type { PuzzleRule } from "../runtime/site-settings.ts";
import type { NewcomerHeat } from "../tallies/count-newcomers.ts";

/** 0: none. */
export type PuzzleLevel = 0 | 1 | 2 | 3;

/**
 * Tries that a puzzle takes at most; at least half of them, so that nobody gets one for nothing. A try costs `ROUNDS` rounds of
 * PBKDF2: the hardest puzzle takes 375,000, for which a slow phone (a million a second) needs less than half a second, and one
 * that is slower than that not more than one.
 */
export const TRIES_MAX = { 1: 250, 2: 500, 3: 750 } as const;
export const ROUNDS = 500;

/**
 * Twice as many newcomers as are plausible make the puzzle twice as hard, four times as many three times.
 * @param heat undefined: not known, and so no reason to ask
 */
export function puzzleLevel(rule: PuzzleRule, heat: NewcomerHeat | undefined): PuzzleLevel {
  if (rule === "off") return 0;
  const excess = Math.max(heat?.neighbourhood ?? 0, heat?.site ?? 0);
  if (excess > 4) return 3;
  if (excess > 2) return 2;
  return excess > 1 || rule === "always" ? 1 : 0;
}
