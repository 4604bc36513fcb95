/** The typed call of add-heat.lua. */
import { onceMoved } from "../runtime/moving.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { siteKeys } from "./site-keys.ts";

/** What jobs of votes changed on one page. */
export interface PageMove {
  readonly page: string;
  /** Redis time of its newest vote, ms: from then on the change cools. */
  readonly at: number;
  /** By how much each reaction's total changed, by index: what the tally really did, eight numbers. */
  readonly moved: readonly number[];
}

const ADD_HEAT = new Script(import.meta.url, "add-heat.lua");

/** Most pages a script call takes: some milliseconds at the very worst. */
const PAGES_A_CALL_MAX = 100;

/**
 * Warms a site's pages by what the tally moved, in one script call (more only for more than a hundred pages). Unlike a
 * tally this must not be repeated: heat is a sum. A worker that dies between the tally and this loses a little heat,
 * and a connection that breaks in between may add it twice; votes are never touched by it.
 * @param moves no page twice
 */
export async function addHeat(
  redis: RedisConnection,
  site: string,
  moves: readonly PageMove[],
): Promise<void> {
  for (let from = 0; from < moves.length; from += PAGES_A_CALL_MAX) {
    const args = moves
      .slice(from, from + PAGES_A_CALL_MAX)
      .flatMap(({ page, at, moved }) => [page, String(at), ...moved.map(String)]);
    await onceMoved(() => ADD_HEAT.run(redis, siteKeys(site).pages, ...args));
  }
}
