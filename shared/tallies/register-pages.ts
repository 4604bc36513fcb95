/** The typed call of register-pages.lua. */
import type { RegisteredPage } from "../contract/registered-page.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { siteKeys } from "./site-keys.ts";

const REGISTER = new Script(import.meta.url, "register-pages.lua");

/** Most pages a script call takes: a millisecond or two. */
const PAGES_A_CALL_MAX = 100;

/**
 * Registers pages of a site, or gives registered ones another title or URL. May be repeated: the same again changes
 * nothing. When Redis fails on the way some are registered and the rest are not; send them again.
 * @param pages of one page named twice the last holds
 */
export async function registerPages(
  redis: RedisConnection,
  site: string,
  pages: readonly RegisteredPage[],
): Promise<void> {
  const rows = [...new Map(pages.map((page) => [page.page, page])).values()];
  for (let from = 0; from < rows.length; from += PAGES_A_CALL_MAX) {
    const args = rows
      .slice(from, from + PAGES_A_CALL_MAX)
      .flatMap(({ page, title, url, published }) => [page, JSON.stringify({ title, url, published }), url]);
    await REGISTER.run(redis, siteKeys(site).pages, ...args);
  }
}
