/** The typed call of record.lua. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { pageKeys } from "./page-keys.ts";
import { HELD, isHeld, TAKEN, WITHDRAWN } from "./record.ts";

/** What Redis keeps of a voter's last vote on a page. */
export interface VoterRecord {
  /** Index in the site's reactions; null after a withdrawal, or when an order took the vote out. */
  readonly reaction: number | null;
  /** Redis time of the vote, ms. */
  readonly at: number;
  /** True while the vote is held: its voter is shown it, the totals do not have it. */
  readonly held: boolean;
}

const RECORD = new Script(import.meta.url, "record.lua");

/**
 * The record of one voter on one page, or undefined.
 * @param voter the voter's pseudonym on this page: 16 hexadecimal digits
 */
export async function readRecord(
  redis: RedisConnection,
  site: string,
  page: string,
  voter: string,
): Promise<VoterRecord | undefined> {
  const reply = await RECORD.run(redis, pageKeys(site, page).hash, Buffer.from(voter, "hex"));
  if (!Array.isArray(reply)) return undefined;
  const [at, reaction] = reply.map(Number);
  if (at === undefined || reaction === undefined) throw new Error("record.lua answered out of shape");
  const held = isHeld(reaction);
  if (held) return { at, reaction: reaction - HELD, held };
  return { at, reaction: reaction === WITHDRAWN || reaction === TAKEN ? null : reaction, held };
}
