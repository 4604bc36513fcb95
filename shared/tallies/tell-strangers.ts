/** Tells a page which networks hardly read the site's other pages, for crowd.lua to know. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";

/** What nobody tells again is forgotten. A day's end makes it wrong for as long, of a network in a hundred: sources have another key then. */
const KEPT_S = 900;

/** @param strangers a bit for each network, the first 14 bits of a source: 2,048 bytes */
export async function tellStrangers(
  redis: RedisConnection,
  site: string,
  page: string,
  strangers: Buffer,
): Promise<void> {
  const key = pageKeys(site, page).strangers;
  if (strangers.some((octet) => octet !== 0)) await redis.set(key, strangers, "EX", KEPT_S);
  else await redis.unlink(key);
}
