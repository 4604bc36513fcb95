/** The typed call of count-newcomers.lua. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { siteKeys } from "./site-keys.ts";

const COUNT_NEWCOMERS = new Script(import.meta.url, "count-newcomers.lua");

/** Long enough for a slow raid to show, short enough for it to be over soon. */
const WINDOW_S = 600;

/** How many new voters come, in parts of how many are plausible: above 1 it is hot. */
export interface NewcomerHeat {
  /** Of the network's neighbourhood. */
  readonly neighbourhood: number;
  /** Of the whole site. */
  readonly site: number;
}

/**
 * One more new voter of a site, over all processes.
 * @param neighbourhood 14 bits that stand for it
 * @param now_ms Redis time
 */
export async function countNewcomer(
  redis: RedisConnection,
  site: string,
  neighbourhood: number,
  now_ms: number,
): Promise<NewcomerHeat> {
  const windows = now_ms / 1_000 / WINDOW_S;
  const window = Math.floor(windows);
  const reply = await COUNT_NEWCOMERS.run(
    redis,
    siteKeys(site).newcomers,
    String(window),
    (windows - window).toFixed(4),
    String(neighbourhood),
    String(WINDOW_S),
  );
  if (!Array.isArray(reply) || reply.length !== 2)
    throw new Error("count-newcomers.lua answered out of shape");
  const [own = 0, all = 0] = reply.map(Number);
  return { neighbourhood: own / 1_000, site: all / 1_000 };
}
