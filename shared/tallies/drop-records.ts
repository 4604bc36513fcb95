/** The typed call of drop-records.lua. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { pageKeys } from "./page-keys.ts";

const DROP = new Script(import.meta.url, "drop-records.lua");

/** Buckets of a step: about 670 records, so about a millisecond. */
const BUCKETS_A_STEP = 14;

/**
 * Drops every record of a page that is closed; its totals stay. Goes on where it was left off.
 * @returns how many records came back meanwhile, by an undo
 */
export async function dropRecords(redis: RedisConnection, site: string, page: string): Promise<number> {
  const { hash } = pageKeys(site, page);
  for (let first = 0, next = 0; ; ) {
    const reply = await DROP.run(redis, hash, String(first), String(next), String(BUCKETS_A_STEP));
    if (!Array.isArray(reply)) throw new Error("drop-records.lua answered out of shape");
    const [begun = 0, after = 0, left = 0] = reply.map(Number);
    if (after === 0) return left;
    [first, next] = [begun, after];
  }
}
