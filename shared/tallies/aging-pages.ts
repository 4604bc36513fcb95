/**
 * Which pages of a site that keeps records for a while have records, by the stamp of their newest vote as far as was looked. A
 * stamp may be out of date, but never too new: a page that is due is looked at before anything is done to it. So nothing has to
 * be written when votes come in.
 */
import { isObject } from "../contract/object.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";

const listKey = (site: string): string => `{site:${site}}:aging`;
const placeKey = (site: string): string => `{site:${site}}:aging-place`;

/** Puts those of `pages` on the list that have records and are not there. */
export async function listAging(
  redis: RedisConnection,
  site: string,
  pages: readonly string[],
): Promise<void> {
  const records = await Promise.all(pages.map((page) => redis.hget(pageKeys(site, page).hash, "records")));
  const aging = pages.filter((_, index) => Number(records[index] ?? 0) > 0);
  if (aging.length > 0) await redis.zadd(listKey(site), "NX", ...aging.flatMap((page) => ["0", page]));
}

/** Pages whose newest vote, as far as is known, was cast until `until` (ms); the oldest first. */
export async function agedPages(
  redis: RedisConnection,
  site: string,
  until: number,
  limit: number,
): Promise<readonly string[]> {
  return await redis.zrangebyscore(listKey(site), "-inf", until, "LIMIT", 0, limit);
}

/** The newest vote of a page was cast at `at` (ms). */
export async function noteAge(redis: RedisConnection, site: string, page: string, at: number): Promise<void> {
  await redis.zadd(listKey(site), at, page);
}

/** A page has no records. */
export async function unlistAging(redis: RedisConnection, site: string, page: string): Promise<void> {
  await redis.zrem(listKey(site), page);
}

/** Where the walk over all known pages stands that finds those with records. */
export interface AgingPlace {
  /** The page to go on after; undefined: from the first. */
  readonly after: string | undefined;
  /** When the last walk ended, ms; 0: none did. */
  readonly ended: number;
}

export async function readAgingPlace(redis: RedisConnection, site: string): Promise<AgingPlace> {
  const value: unknown = JSON.parse((await redis.get(placeKey(site))) ?? "{}");
  const { after, ended }: Record<string, unknown> = isObject(value) ? value : {};
  return {
    after: typeof after === "string" ? after : undefined,
    ended: typeof ended === "number" ? ended : 0,
  };
}

export async function saveAgingPlace(redis: RedisConnection, site: string, place: AgingPlace): Promise<void> {
  await redis.set(placeKey(site), JSON.stringify(place));
}
