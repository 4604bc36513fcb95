/** How many votes of a page are held. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";

/** Votes that are stored and shown to their voters, and stand in no total until they are plausible or released. */
export async function countHeld(redis: RedisConnection, site: string, page: string): Promise<number> {
  return Number((await redis.hget(pageKeys(site, page).hash, "held")) ?? 0);
}
