/** How counts became what they are: the timeline of a page or of a whole site. */
import { isObject } from "./object.ts";
import { isReactionName } from "./reactions.ts";

/** Length of each step, ms. Steps begin at whole minutes, hours and days of UTC. */
export const STEP_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Name of a step. */
export type TimelineStep = keyof typeof STEP_MS;

/** All of them. */
export const TIMELINE_STEPS = ["minute", "hour", "day"] as const satisfies readonly TimelineStep[];

/** How far back each step can be asked for: minutes are kept for 48 hours, hours for 400 days. */
export const KEPT_MS = {
  minute: 48 * STEP_MS.hour,
  hour: 400 * STEP_MS.day,
  day: 400 * STEP_MS.day,
} as const satisfies Record<TimelineStep, number>;

/** Most points of one answer: 48 hours of minutes, 120 days of hours, or 400 days. */
export const POINTS_MAX = 2_882;

/** The counts as they stood at one moment. What happened between two points is their difference. */
export interface TimelinePoint {
  /** Unix ms: the beginning of a step, or of the last point the moment of the answer. */
  readonly at: number;
  /** Votes by reaction, integers ≥ 0. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The answer of `GET timeline`; without `page` it is the site's, the sum of its pages. */
export interface Timeline {
  readonly step: TimelineStep;
  readonly page?: string;
  /** Oldest first, one for each beginning of a step from `from` to `to`, and one for the moment when `to` is not over. */
  readonly points: readonly TimelinePoint[];
}

/** Whether `value` names a step. */
export function isTimelineStep(value: unknown): value is TimelineStep {
  return TIMELINE_STEPS.some((step) => step === value);
}

/** A timeline from outside, checked; undefined when it is not well formed. */
export function parseTimeline(value: unknown): Timeline | undefined {
  if (!isObject(value) || !isTimelineStep(value.step) || !Array.isArray(value.points)) return undefined;
  if (value.page !== undefined && typeof value.page !== "string") return undefined;
  const points: TimelinePoint[] = [];
  for (const row of value.points) {
    const counts = isObject(row) ? parseCounts(row.counts) : undefined;
    if (!isObject(row) || typeof row.at !== "number" || counts === undefined) return undefined;
    points.push({ at: row.at, counts });
  }
  return { step: value.step, points, ...(value.page === undefined ? {} : { page: value.page }) };
}

/** Votes by reaction, none below zero; undefined when they are not well formed. */
export function parseCounts(value: unknown): Readonly<Record<string, number>> | undefined {
  if (!isObject(value)) return undefined;
  const counts: Record<string, number> = {};
  for (const [reaction, count] of Object.entries(value)) {
    if (!isReactionName(reaction) || typeof count !== "number") return undefined;
    if (!Number.isSafeInteger(count) || count < 0) return undefined;
    counts[reaction] = count;
  }
  return counts;
}
