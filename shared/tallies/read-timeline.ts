/** The typed call of read-timeline.lua. */
import { isPageState, type PageState } from "../contract/counts.ts";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import { STEP_MS } from "../contract/timeline.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";
import { Script } from "./script.ts";
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

const READ_TIMELINE = new Script("read-timeline.lua");

/** timeline.lua keeps the hours of 30 days together, and eight fields of each. */
const HOURS_A_MONTH = 720;

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
  const [at, state, totals, ...parts]: readonly unknown[] = reply;
  if (!Array.isArray(totals)) throw new Error("read-timeline.lua answered out of shape");
  const length_ms = STEP_MS[by];
  const steps = by === "minute" ? STEP_MS.hour / STEP_MS.minute : HOURS_A_MONTH;
  const changes: TimedChange[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [number, fields] = [Number(parts[index]), parts[index + 1]];
    if (!Array.isArray(fields)) throw new Error("read-timeline.lua answered out of shape");
    for (let field = 0; field < fields.length; field += 2) {
      const place = Number(fields[field]);
      const step = number * steps + Math.floor(place / MAX_REACTIONS);
      changes.push({
        at: step * length_ms,
        reaction: place % MAX_REACTIONS,
        change: Number(fields[field + 1]),
      });
    }
  }
  return {
    at: Number(at),
    state: isPageState(state) ? state : "open",
    totals: totals.map(Number),
    changes,
  };
}
