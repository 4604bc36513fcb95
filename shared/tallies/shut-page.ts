/**
 * Before a page is closed for good it is shut for a while: the API takes no votes for it any more, and those that it took
 * until then are tallied and count. The field `shut` of the page's hash says since when (Redis time, ms). It is believed for
 * half an hour only, so that a page does not stay shut that nobody closes after all.
 */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";

/** Far longer than an API process believes what it knows of a page, and than a vote waits for its tally. */
const SHUT_MS_MIN = 60_000;
const BELIEVED_MS = 30 * 60_000;

/**
 * Shuts a page that has records. May be repeated.
 * @param at now, Redis time, ms
 * @returns whether it has been shut for long enough to be closed
 */
export async function shutPage(
  redis: RedisConnection,
  site: string,
  page: string,
  at: number,
): Promise<boolean> {
  const { hash } = pageKeys(site, page);
  const since = Number((await redis.hget(hash, "shut")) ?? 0);
  // Soon it would not be believed any more, so it begins anew.
  if (at - since > BELIEVED_MS / 2) {
    await redis.hset(hash, "shut", at);
    return false;
  }
  return at - since >= SHUT_MS_MIN;
}

/** A vote came after all: the page takes votes again. */
export async function unshutPage(redis: RedisConnection, site: string, page: string): Promise<void> {
  await redis.hdel(pageKeys(site, page).hash, "shut");
}

/** Whether a page is shut, by its field `shut`. Clocks may differ by minutes. */
export function isShut(field: string | null | undefined): boolean {
  return typeof field === "string" && Date.now() - Number(field) < BELIEVED_MS;
}
