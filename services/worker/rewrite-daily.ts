/**
 * Has Redis write its append-only file anew once a day. Until then the file holds what Redis itself has forgotten, above all the
 * keys that networks were hashed with; on a small service it might never grow enough to be written anew.
 */
import { Cluster } from "ioredis";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { dropOldKey } from "../../shared/votes/source.ts";

const DAY_MS = 86_400_000;

/** The day (UTC) for which this was done last: its number since 1970. */
const DAY_KEY = "rewritten";

/** What a Redis says that others run and that does not allow it. */
const FORBIDDEN = /^(?:NOPERM|ERR unknown command)/;

/**
 * Begins the day's rewriting, on every node of a Cluster, unless it was begun. A Redis that is new has nothing to forget.
 * @param now_ms Redis time
 * @returns what Redis said if it does not allow it: then it is asked again the next day
 * @throws whatever else Redis said: then it may be tried again
 */
export async function rewriteDaily(redis: RedisConnection, now_ms: number): Promise<string | undefined> {
  const day = String(Math.floor(now_ms / DAY_MS));
  const before = await redis.get(DAY_KEY);
  if (before === day) return undefined;
  await dropOldKey(redis, now_ms);
  const refused = before === null ? undefined : await rewrite(redis);
  await redis.set(DAY_KEY, day);
  return refused;
}

async function rewrite(redis: RedisConnection): Promise<string | undefined> {
  try {
    for (const node of redis instanceof Cluster ? redis.nodes() : [redis]) {
      // With snapshots alone there is no such file, and each snapshot replaces the one before.
      if (/^aof_enabled:1/m.test(await node.info("persistence"))) await node.bgrewriteaof();
    }
    return undefined;
  } catch (error) {
    if (error instanceof Error && FORBIDDEN.test(error.message)) return error.message;
    throw error;
  }
}
