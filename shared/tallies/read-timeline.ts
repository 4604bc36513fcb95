/** The typed call of read-timeline.lua. */
import { isPageState, type PageState } from "../contract/counts.ts";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import { STEP_MS } from "../contract/timeline.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { pageKeys } from "./page-keys.ts";
import { siteKeys } from "./site-keys.ts";

/** One change of one reaction. */
export interface TimedChange {
  /** Unix ms: the beginning of its minute, or of its hour. */
  readonly at: number;
  /** Index of the reaction. */
  readonly reaction: number;
  readonly change: number;
}

/** Totals, and what led to them. */
export interface Changes {
  /** Redis time of the reading, ms. */
  readonly at: number;
  readonly state: PageState;
  /** By index of the reaction. */
  readonly totals: readonly number[];
  /** All since the beginning of the hour (by hours: of the 30 days) that was asked for; in no order. */
  readonly changes: readonly TimedChange[];
}

const READ_TIMELINE = new Script(import.meta.url, "read-timeline.lua");

/** timeline.lua keeps the hours of 30 days together, and eight fields of each. */
const HOURS_A_MONTH = 720;
const MINUTES_AN_HOUR = 60;

/**
 * Reads the changes of a page or, without one, of a site.
 * @param since Unix ms; minutes are kept for 48 hours, hours for 400 days
 */
export async function readChanges(
  redis: RedisConnection,
  site: string,
  page: string | undefined,
  by: "minute" | "hour",
  since: number,
): Promise<Changes> {
  const key = page === undefined ? siteKeys(site).totals : pageKeys(site, page).hash;
  const hour = Math.floor(since / STEP_MS.hour);
  const first = by === "minute" ? hour : Math.floor(hour / HOURS_A_MONTH);
  const reply = await READ_TIMELINE.run(redis, key, by === "minute" ? "t" : "h", String(first));
  if (!Array.isArray(reply)) throw new Error("read-timeline.lua answered out of shape");
  const [at, state, totals, open, openFields, minute, sums, ...parts]: readonly unknown[] = reply;
  if (!Array.isArray(totals) || !Array.isArray(sums))
    throw new Error("read-timeline.lua answered out of shape");
  const steps = by === "minute" ? MINUTES_AN_HOUR : HOURS_A_MONTH;
  // The newest hour is kept by minutes only, and its newest minute in a place of its own.
  const changes = changesOf(Number(open) * MINUTES_AN_HOUR, openFields, STEP_MS.minute, STEP_MS[by]);
  const newest = Math.floor((Number(minute) * STEP_MS.minute) / STEP_MS[by]) * STEP_MS[by];
  for (const [reaction, change] of sums.map(Number).entries()) {
    if (change !== 0) changes.push({ at: newest, reaction, change });
  }
  for (let index = 0; index < parts.length; index += 2) {
    changes.push(...changesOf(Number(parts[index]) * steps, parts[index + 1], STEP_MS[by], STEP_MS[by]));
  }
  return {
    at: Number(at),
    state: isPageState(state) ? state : "open",
    totals: totals.map(Number),
    changes,
  };
}

/**
 * The fields of one hash.
 * @param first number of its first step
 * @param kept_ms length of its steps
 * @param asked_ms length of the steps that are asked for
 */
function changesOf(first: number, fields: unknown, kept_ms: number, asked_ms: number): TimedChange[] {
  if (!Array.isArray(fields)) throw new Error("read-timeline.lua answered out of shape");
  return Array.from({ length: fields.length / 2 }, (_, index) => {
    const place = Number(fields[2 * index]);
    const at = (first + Math.floor(place / MAX_REACTIONS)) * kept_ms;
    return {
      at: Math.floor(at / asked_ms) * asked_ms,
      reaction: place % MAX_REACTIONS,
      change: Number(fields[2 * index + 1]),
    };
  });
}
