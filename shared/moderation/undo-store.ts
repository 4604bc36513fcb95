/** How many votes are kept apart to be restored: a small list of orders, so that a metric can tell. */
import type { RedisConnection } from "../runtime/redis-connections.ts";

/** Hash of order → `votes until`, of all sites. */
const KEY = "kept-for-undo";

/** An order took votes that can be restored until then (Unix ms). May be repeated. */
export async function noteKept(
  redis: RedisConnection,
  order: string,
  votes: number,
  until: number,
): Promise<void> {
  if (votes > 0) await redis.hset(KEY, order, `${votes} ${until}`);
}

/** They were restored. */
export async function noteRestored(redis: RedisConnection, order: string): Promise<void> {
  await redis.hdel(KEY, order);
}

/** Votes kept at this time; forgets the orders whose time has run out. About 20 bytes of Redis each. */
export async function countKept(redis: RedisConnection, now_ms: number): Promise<number> {
  let sum = 0;
  for (const [order, entry] of Object.entries(await redis.hgetall(KEY))) {
    const [votes = 0, until = 0] = entry.split(" ").map(Number);
    if (until > now_ms) sum += votes;
    else await redis.hdel(KEY, order);
  }
  return sum;
}
