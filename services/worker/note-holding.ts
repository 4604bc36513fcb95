/** Tells Redis which pages hold votes: a small command a page and minute while a raid goes on, none otherwise. */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { noteHolding } from "../../shared/tallies/holding-pages.ts";
import { Recent } from "../../shared/votes/recent.ts";

/** A page that was noted is noted again no sooner. */
const NOTED_MS = 60_000;

/** Pages remembered, about 100 bytes each. */
const NOTED_MAX = 10_000;

/** Resolves once a page that holds votes is noted. @throws what Redis said */
export type NoteHolding = (site: string, page: string, held: number) => Promise<void>;

export function openNoteHolding(redis: RedisConnection): NoteHolding {
  const noted = new Recent<number>(NOTED_MAX);
  return async (site, page, held) => {
    if (held === 0) return;
    const name = `${site}\n${page}`;
    const now_ms = performance.now();
    if (now_ms - (noted.get(name) ?? -NOTED_MS) < NOTED_MS) return;
    await noteHolding(redis, site, page);
    noted.set(name, now_ms);
  };
}
