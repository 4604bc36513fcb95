/** What an order took from a page, kept apart in pieces until its time runs out or an undo gives it back. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";
import { RECORD_BYTES, VOTER_BYTES } from "./record.ts";
import { VOTES_A_CALL_MAX } from "./tally-page.ts";

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

/** Pieces read at a time: as a rule some hundred votes. */
const PIECES_A_READ = 64;

/** Bytes of a piece's entry: the voter and the record. */
const ENTRY_BYTES = VOTER_BYTES + RECORD_BYTES;

/** Some of what was kept, 17 bytes a vote, no voter twice, as `restoreVotes` takes it; and the piece to go on with. */
export interface KeptVotes {
  readonly votes: Buffer;
  readonly next: number;
}

/** Kept votes from this piece on, as many as a call may restore; undefined after the last. */
export async function readKept(
  redis: RedisConnection,
  site: string,
  page: string,
  order: string,
  from: number,
): Promise<KeptVotes | undefined> {
  const pieces = await redis.lrangeBuffer(pageKeys(site, page).kept(order), from, from + PIECES_A_READ - 1);
  const voters = new Set<string>();
  const taken: Buffer[] = [];
  for (const piece of pieces) {
    const names = votersOf(piece);
    const full = voters.size + names.length > VOTES_A_CALL_MAX;
    if (taken.length > 0 && (full || names.some((name) => voters.has(name)))) break;
    for (const name of names) voters.add(name);
    taken.push(piece);
  }
  return taken.length === 0 ? undefined : { votes: Buffer.concat(taken), next: from + taken.length };
}

function votersOf(piece: Buffer): readonly string[] {
  return Array.from({ length: piece.length / ENTRY_BYTES }, (_, n) =>
    piece.toString("hex", n * ENTRY_BYTES, n * ENTRY_BYTES + VOTER_BYTES),
  );
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
