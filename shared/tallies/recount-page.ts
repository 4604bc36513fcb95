/** The typed call of recount.lua. */
import { MAX_REACTIONS } from "../contract/reactions.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { addToSite } from "./add-to-site.ts";
import { toMinuteChanges } from "./minute-change.ts";
import { pageKeys } from "./page-keys.ts";

const RECOUNT = new Script(import.meta.url, "recount.lua");

/** Buckets of a step: about 450 records. */
const BUCKETS_A_STEP = 8;

/**
 * Counts a page's totals anew from its records, in steps, and mends what is wrong.
 * @returns total less sum of the records, by index of the reaction: all zeros unless there is a bug
 */
export async function recountPage(
  redis: RedisConnection,
  site: string,
  page: string,
): Promise<readonly number[]> {
  const { hash } = pageKeys(site, page);
  for (let manner = "begin"; ; ) {
    const reply = await RECOUNT.run(redis, hash, manner, String(BUCKETS_A_STEP));
    if (!Array.isArray(reply) || reply.length < 2 + MAX_REACTIONS) {
      throw new Error("recount.lua answered out of shape");
    }
    const [left = 0, , ...rest] = reply.map(Number);
    await addToSite(redis, site, toMinuteChanges(rest.slice(MAX_REACTIONS)));
    if (left === 0) return rest.slice(0, MAX_REACTIONS);
    manner = left < 0 ? "begin" : "go on";
  }
}
