/** What an order took from a page, kept apart in pieces until its time runs out or an undo gives it back. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";

/** An hour: no step of an order that was undone is on its way for longer. */
const MARK_S = 3_600;

/** From now on no late step of the order takes anything from the page. */
export async function markUndone(
  redis: RedisConnection,
  site: string,
  page: string,
  order: string,
): Promise<void> {
  await redis.set(pageKeys(site, page).undone(order), "1", "EX", MARK_S);
}

/** The piece of this number, or undefined after the last: 18 bytes a vote, as `restoreVotes` takes it. */
export async function readKept(
  redis: RedisConnection,
  site: string,
  page: string,
  order: string,
  piece: number,
): Promise<Buffer | undefined> {
  return (await redis.lindexBuffer(pageKeys(site, page).kept(order), piece)) ?? undefined;
}

/** Forgets what was kept, once it has been given back. */
export async function dropKept(
  redis: RedisConnection,
  site: string,
  page: string,
  order: string,
): Promise<void> {
  const keys = pageKeys(site, page);
  await redis.unlink(keys.kept(order), keys.memory(order));
}
