/** Reads the pages that a publisher registered. */
import { isObject } from "../contract/object.ts";
import { isPageTitle, isPageUrl, type RegisteredPage } from "../contract/registered-page.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { siteKeys } from "./site-keys.ts";

/** Some of a site's pages, by id, in the order of the ids' bytes. */
export interface RegisteredPart {
  readonly pages: readonly RegisteredPage[];
  /** The page after which the next part begins; undefined when this was the last. */
  readonly next: string | undefined;
}

/**
 * At most `limit` of a site's registered pages.
 * @param after the page behind which to begin; undefined for the beginning
 */
export async function listRegistered(
  redis: RedisConnection,
  site: string,
  after: string | undefined,
  limit: number,
): Promise<RegisteredPart> {
  const from = after === undefined ? "-" : `(${after}`;
  const ids = await redis.zrangebylex(siteKeys(site).order, from, "+", "LIMIT", 0, limit + 1);
  const shown = ids.slice(0, limit);
  const pages = await readRegistered(redis, site, shown);
  return {
    pages: pages.filter((page) => page !== undefined),
    next: ids.length > limit ? shown.at(-1) : undefined,
  };
}

/** What is registered of each of `pages`, in the order given. */
export async function readRegistered(
  redis: RedisConnection,
  site: string,
  pages: readonly string[],
): Promise<readonly (RegisteredPage | undefined)[]> {
  if (pages.length === 0) return [];
  const rows = await redis.hmget(siteKeys(site).pages, ...pages);
  return pages.map((page, index) => toRegistered(page, rows[index] ?? null));
}

/** The page that was registered last with `url`, exactly as it was registered. */
export async function registeredAt(
  redis: RedisConnection,
  site: string,
  url: string,
): Promise<RegisteredPage | undefined> {
  const page = await redis.hget(siteKeys(site).urls, url);
  return page === null ? undefined : (await readRegistered(redis, site, [page]))[0];
}

function toRegistered(page: string, row: string | null): RegisteredPage | undefined {
  const value: unknown = row === null ? undefined : JSON.parse(row);
  if (!isObject(value)) return undefined;
  const { title, url, published } = value;
  if (!isPageTitle(title) || !isPageUrl(url)) return undefined;
  return typeof published === "number" ? { page, title, url, published } : { page, title, url };
}
