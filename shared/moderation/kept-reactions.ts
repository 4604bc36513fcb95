/**
 * The lists of reactions that votes may have been taken under. Records hold a reaction's place in its list, so a list may only grow
 * at its end: in a file that changes while nobody runs, and in settings that come another way, as well.
 */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { type ReactingSite, reorderings } from "../runtime/site-settings.ts";

/** Hash of site id → names, separated by spaces, which no name has. */
const REACTIONS_KEY = "{sites}:reactions";

/** Writes a list unless it is not what it was. KEYS: lists. ARGV: site, the list before ("": none), after. */
const APPEND = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;

/**
 * Keeps the lists of `sites`, unless one of them would change what kept votes mean.
 * @returns a sentence for each of those; none: all are kept
 * @throws what Redis said
 */
export async function keepReactions(
  redis: RedisConnection,
  sites: readonly ReactingSite[],
): Promise<readonly string[]> {
  if (sites.length === 0) return [];
  for (;;) {
    const texts = await redis.hmget(REACTIONS_KEY, ...sites.map(({ id }) => id));
    const pairs = sites.map((site, index) => ({ site, before: texts[index] ?? "" }));
    const faults = pairs.flatMap(({ site, before }) =>
      before === "" ? [] : reorderings({ id: site.id, reactions: before.split(" ") }, site),
    );
    if (faults.length > 0) return faults;
    const appends = pairs.map(async ({ site, before }) => {
      const after = site.reactions.join(" ");
      return before === after || (await redis.eval(APPEND, 1, REACTIONS_KEY, site.id, before, after)) === 1;
    });
    // Another process was faster with one of them, and may have appended something else.
    if ((await Promise.all(appends)).every((kept) => kept)) return [];
  }
}
