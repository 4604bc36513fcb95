/** The typed call of add-to-site.lua. */
import { randomBytes } from "node:crypto";
import { onceMoved } from "../runtime/moving.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import type { MinuteChange } from "./minute-change.ts";
import { siteKeys } from "./site-keys.ts";

const ADD_TO_SITE = new Script(import.meta.url, "add-to-site.lua");

/** Minutes a call: an import brings votes of many. */
const MINUTES_A_CALL_MAX = 500;

/**
 * Adds changes of a site's pages to the site's totals and timeline. What was added is not added twice when the connection
 * breaks; a process that dies between a page's change and this leaves the site's numbers short by that, never the page's.
 * @param votes how many votes changed their voter's record
 */
export async function addToSite(
  redis: RedisConnection,
  site: string,
  changes: readonly MinuteChange[],
  votes = 0,
): Promise<void> {
  const real = changes.filter(({ moved }) => moved.some((change) => change !== 0));
  for (let from = 0; from < real.length || (from === 0 && votes > 0); from += MINUTES_A_CALL_MAX) {
    const rows = real
      .slice(from, from + MINUTES_A_CALL_MAX)
      .flatMap(({ minute, moved }) => [String(minute), ...moved.map(String)]);
    const name = randomBytes(9).toString("base64url");
    const args = [name, String(from === 0 ? votes : 0), ...rows];
    await onceMoved(() => ADD_TO_SITE.run(redis, siteKeys(site).totals, ...args));
  }
}
