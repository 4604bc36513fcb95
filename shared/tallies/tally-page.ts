/** The typed call of tally.lua. */
import { randomBytes } from "node:crypto";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";
import { RECORD_BYTES, VOTER_BYTES, WITHDRAWN, writeRecord } from "./record.ts";
import { Script } from "./script.ts";

/** Most votes a script call takes: Redis serves nobody else meanwhile, so a call must stay near a millisecond. */
export const VOTES_A_CALL_MAX = 200;

/** A vote, ready to be tallied. */
export interface TallyVote {
  /** The voter's pseudonym on this page: 16 hexadecimal digits. */
  readonly voter: string;
  /** Index in the site's reactions; null withdraws. */
  readonly reaction: number | null;
  /** Redis time, ms. */
  readonly at: number;
  /** Keyed hash of the network the vote came from: 32 bits. */
  readonly source: number;
}

/** What came of one call. */
export interface TallyResult {
  /** Votes that changed a voter's record. */
  readonly applied: number;
  /** Votes that were older than the voter's record, and so were passed over. */
  readonly stale: number;
  /** The page's revision afterwards. */
  readonly rev: number;
  /** By how much the call changed each reaction's total, by index; all zeros when it was a repetition. */
  readonly moved: readonly number[];
}

const TALLY = new Script("tally.lua");
const VOTE_BYTES = VOTER_BYTES + RECORD_BYTES;

/**
 * Applies votes to one page, in the order given. May be repeated: the same votes change nothing the second time.
 * @param votes at most `VOTES_A_CALL_MAX`
 * @param replicas_min how many replicas must have the tally before it counts as done
 * @throws TooFewReplicasError: tally the votes again
 */
export async function tallyPage(
  redis: RedisConnection,
  site: string,
  page: string,
  votes: readonly TallyVote[],
  replicas_min = 0,
): Promise<TallyResult> {
  if (votes.length > VOTES_A_CALL_MAX) throw new RangeError(`at most ${VOTES_A_CALL_MAX} votes a call`);
  const keys = pageKeys(site, page);
  const epoch = randomBytes(6).toString("base64url");
  const reply = await TALLY.runReplicated(
    redis,
    replicas_min,
    keys.hash,
    pack(newestByVoter(votes)),
    epoch,
    keys.digested ? page : "",
  );
  if (!Array.isArray(reply) || reply.length !== 3 + MAX_REACTIONS) {
    throw new Error("tally.lua answered out of shape");
  }
  const [applied = 0, stale = 0, rev = 0, ...moved] = reply.map(Number);
  return { applied, stale, rev, moved };
}

/**
 * Of several votes of one voter the newest, and of equally new ones the last: the others would be overwritten anyway.
 * Sorted by voter, so that the script finds the votes of one bucket side by side.
 */
function newestByVoter(votes: readonly TallyVote[]): readonly TallyVote[] {
  const newest = new Map<string, TallyVote>();
  for (const vote of votes) {
    const other = newest.get(vote.voter);
    if (other === undefined || vote.at >= other.at) newest.set(vote.voter, vote);
  }
  return [...newest.values()].sort((a, b) => (a.voter < b.voter ? -1 : 1));
}

function pack(votes: readonly TallyVote[]): Buffer {
  const packed = Buffer.allocUnsafe(votes.length * VOTE_BYTES);
  let offset = 0;
  for (const { voter, reaction, at, source } of votes) {
    packed.write(voter, offset, VOTER_BYTES, "hex");
    writeRecord(packed, offset + VOTER_BYTES, { at, reaction: reaction ?? WITHDRAWN, source });
    offset += VOTE_BYTES;
  }
  return packed;
}
