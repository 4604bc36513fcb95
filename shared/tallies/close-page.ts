/** Closes a page for good: it takes no votes any more, so that its records can be dropped. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";
import { setPageState } from "./set-page-state.ts";

/**
 * Closes a page unless something changed on it since it was asked for. May be repeated.
 * @param at now, Redis time, ms
 * @param mayClose looks at the page's records; true: it may be closed
 * @returns `empty`: the page has no records, and stays as it is
 */
export async function closePage(
  redis: RedisConnection,
  site: string,
  page: string,
  at: number,
  mayClose: () => Promise<boolean>,
): Promise<"closed" | "left open" | "empty"> {
  const [rev, records, closed] = await redis.hmget(pageKeys(site, page).hash, "rev", "records", "closed");
  if (Number(records ?? 0) === 0) return "empty";
  if (closed !== null) return "closed";
  if (!(await mayClose())) return "left open";
  const seen = { rev: Number(rev ?? 0), records: Number(records) };
  const { isClosed } = await setPageState(redis, site, page, "close", at, seen);
  return isClosed ? "closed" : "left open";
}
