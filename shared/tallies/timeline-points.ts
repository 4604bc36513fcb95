/** Draws a timeline from what led to the totals; pure. */
import type { ReactionSet } from "../contract/reactions.ts";
import { STEP_MS, type TimelinePoint, type TimelineStep } from "../contract/timeline.ts";
import type { Changes } from "./read-timeline.ts";

/** What to draw. */
export interface TimelineSpan {
  /** Unix ms, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly step: TimelineStep;
}

/**
 * The counts at each beginning of a step from the one that `from` falls into until `to`, and as they are now when `to` is
 * not over yet. Counted back from the totals, so that whatever is no longer kept does not matter.
 */
export function timelinePoints(
  { at: now_ms, totals, changes }: Pick<Changes, "at" | "totals" | "changes">,
  { from, to, step }: TimelineSpan,
  reactions: ReactionSet,
): readonly TimelinePoint[] {
  const length_ms = STEP_MS[step];
  const first = Math.floor(from / length_ms) * length_ms;
  const last = Math.floor(Math.min(to, now_ms) / length_ms) * length_ms;
  const newestFirst = [...changes].sort((a, b) => b.at - a.at);
  const counts = [...totals];
  const points: TimelinePoint[] = [];
  const draw = (at: number): void => {
    // Clocks of hosts differ by less than a minute; a total below zero would only say so.
    const shown = reactions.map((reaction, index) => [reaction, Math.max(0, counts[index] ?? 0)]);
    points.push({ at, counts: Object.fromEntries(shown) });
  };
  if (to >= now_ms && now_ms > last) draw(now_ms);
  let next = 0;
  for (let at = last; at >= first; at -= length_ms) {
    for (; next < newestFirst.length; next++) {
      const undone = newestFirst[next];
      if (undone === undefined || undone.at < at) break;
      counts[undone.reaction] = (counts[undone.reaction] ?? 0) - undone.change;
    }
    draw(at);
  }
  return points.reverse();
}
