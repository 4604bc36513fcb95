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
  await redis.set(pageKeys(site, page).strangers, strangers, "EX", KEPT_S);
}
