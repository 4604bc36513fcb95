/** The typed call of move.lua: a voter's vote on one page becomes another's, who is the same reader. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { addToSite } from "./add-to-site.ts";
import { toMinuteChanges } from "./minute-change.ts";
import { pageKeys } from "./page-keys.ts";

/** Between whom; pseudonyms on the page. */
export interface VoteMove {
  readonly from: string;
  readonly to: string;
  /** Votes stamped later stay, ms. */
  readonly until: number;
}

const MOVE = new Script(import.meta.url, "move.lua");

/**
 * Moves the vote, if there is one: of two the newer holds. May be repeated.
 * @returns the stamp of the record that `to` has then, ms, also when the vote was moved before; 0: it has none; undefined:
 *   `from` has no record that could move or could have moved
 */
export async function moveVote(
  redis: RedisConnection,
  site: string,
  page: string,
  { from, to, until }: VoteMove,
): Promise<number | undefined> {
  const reply = await MOVE.run(
    redis,
    pageKeys(site, page).hash,
    Buffer.from(from, "hex"),
    Buffer.from(to, "hex"),
    String(until),
  );
  if (!Array.isArray(reply) || reply.length === 0) throw new Error("move.lua answered out of shape");
  const [at = 0, ...changes] = reply.map(Number);
  await addToSite(redis, site, toMinuteChanges(changes));
  return at < 0 ? undefined : at;
}
