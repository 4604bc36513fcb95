/** The last half hour of pages as a few numbers each, read every few seconds and not once a pulse. */
import { SPARK_MINUTES } from "../contract/pulse.ts";
import { STEP_MS } from "../contract/timeline.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { readChanges, type TimedChange } from "../tallies/read-timeline.ts";

/** How old a line may be. */
const FRESH_MS = 5_000;

interface Line {
  readonly read_ms: number;
  readonly spark: readonly number[];
}

export class Sparks {
  #lines = new Map<string, Line>();

  /** Of each page its net votes by minute, oldest first. Pages that are not asked for any more are forgotten. */
  async read(
    redis: RedisConnection,
    site: string,
    pages: readonly string[],
    now_ms: number,
  ): Promise<readonly (readonly number[])[]> {
    const kept = this.#lines;
    const lines = await Promise.all(
      pages.map(async (page) => {
        const line = kept.get(page);
        if (line !== undefined && now_ms - line.read_ms < FRESH_MS) return line;
        const since = now_ms - (SPARK_MINUTES - 1) * STEP_MS.minute;
        const { changes } = await readChanges(redis, site, page, "minute", since);
        return { read_ms: now_ms, spark: sparkOf(changes, now_ms) };
      }),
    );
    this.#lines = new Map(pages.map((page, index) => [page, lines[index] ?? { read_ms: 0, spark: [] }]));
    return lines.map(({ spark }) => spark);
  }
}

/** The pure part. */
export function sparkOf(changes: readonly TimedChange[], now_ms: number): readonly number[] {
  const newest = Math.floor(now_ms / STEP_MS.minute);
  const spark = Array.from({ length: SPARK_MINUTES }, () => 0);
  for (const { at, change } of changes) {
    const place = SPARK_MINUTES - 1 - (newest - Math.floor(at / STEP_MS.minute));
    if (place >= 0 && place < SPARK_MINUTES) spark[place] = (spark[place] ?? 0) + change;
  }
  return spark;
}
