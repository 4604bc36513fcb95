/** Tells a page which networks hardly read the site's other pages, for crowd.lua to know. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";
import { SOURCE_BYTES } from "./record.ts";

/** What nobody tells again is forgotten. A day's end makes it wrong for as long, of one network in some thousands: sources have another key then. */
const KEPT_S = 900;

/** @param strangers the first source of each network, those that are asked for most often first: three bytes each */
export async function tellStrangers(
  redis: RedisConnection,
  site: string,
  page: string,
  strangers: readonly number[],
): Promise<void> {
  const key = pageKeys(site, page).strangers;
  if (strangers.length === 0) {
    await redis.unlink(key);
    return;
  }
  const packed = Buffer.allocUnsafe(strangers.length * SOURCE_BYTES);
  for (const [n, source] of strangers.entries()) packed.writeUIntBE(source, n * SOURCE_BYTES, SOURCE_BYTES);
  await redis.set(key, packed, "EX", KEPT_S);
}
