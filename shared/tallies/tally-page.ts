/** The typed call of tally.lua. */
import { randomBytes } from "node:crypto";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import { STEP_MS } from "../contract/timeline.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { TooFewReplicasError } from "../runtime/replicas.ts";
import { Script } from "../runtime/script.ts";
import { addToSite } from "./add-to-site.ts";
import { noteHolding } from "./holding-pages.ts";
import { type MinuteChange, toMinuteChanges } from "./minute-change.ts";
import { pageKeys } from "./page-keys.ts";
import { RECORD_BYTES, readStamp, VOTER_BYTES, WITHDRAWN, writeRecord } from "./record.ts";

/** Most votes a script call takes: Redis serves nobody else meanwhile, so a call must stay near a millisecond. */
export const VOTES_A_CALL_MAX = 200;

/**
 * For so long a record keeps the reaction that it got, by Redis time. What its voter presses meanwhile comes too early, unless
 * it withdraws. Longer, and readers who correct themselves would see their number go back for a moment.
 */
export const KEEP_MS = 500;

/** A vote, ready to be tallied. */
export interface TallyVote {
  /** The voter's pseudonym on this page: 16 hexadecimal digits. */
  readonly voter: string;
  /**
   * Index in the site's reactions; null withdraws. `SETTLED` more: not to be held, and never too early; `HELD` more: held
   * already, in an import.
   */
  readonly reaction: number | null;
  /** Redis time, ms. */
  readonly at: number;
  /** Keyed hash of the network the vote came from: 24 bits. */
  readonly source: number;
}

/** What came of one call. */
export interface TallyResult {
  /** Votes that changed a voter's record. */
  readonly applied: number;
  /** Votes that were older than the voter's record, and so were passed over. */
  readonly stale: number;
  /** Votes that were cast while the page was frozen, and so do not count. */
  readonly refused: number;
  /** Votes that came too early after a change of the voter's record, and so were passed over: to be tallied in `KEEP_MS`. */
  readonly early: readonly TallyVote[];
  /** True until somebody puts the page on the list of known pages. */
  readonly unlisted: boolean;
  /** Votes of the page that are held afterwards. */
  readonly held: number;
  /** The page's revision afterwards. */
  readonly rev: number;
  /** By how much the call changed each reaction's total, by index; all zeros when it was a repetition. */
  readonly moved: readonly number[];
  /** The same by minute of the votes' stamps: what stands in the page's timeline since. */
  readonly changes: readonly MinuteChange[];
}

/** What one call of the script did. */
export type CallResult = Omit<TallyResult, "early">;

const TALLY = new Script(import.meta.url, "tally.lua");
const VOTE_BYTES = VOTER_BYTES + RECORD_BYTES;

/**
 * Applies votes to one page, in the order given. May be repeated: the same votes change nothing the second time.
 * @param votes at most `VOTES_A_CALL_MAX`
 * @param replicas_min how many replicas must have the tally before it counts as done
 * @param told told at once what each call of the script did, even if too few replicas have it: tallied again, the votes change nothing
 * @throws TooFewReplicasError: tally the votes again
 */
export async function tallyPage(
  redis: RedisConnection,
  site: string,
  page: string,
  votes: readonly TallyVote[],
  replicas_min = 0,
  told: (result: CallResult) => void = () => {},
): Promise<TallyResult> {
  if (votes.length > VOTES_A_CALL_MAX) throw new RangeError(`at most ${VOTES_A_CALL_MAX} votes a call`);
  const newest = newestByVoter(votes);
  const { places, ...counts } = await callTally(redis, site, page, pack(newest), "", replicas_min, told);
  const result = { ...counts, early: newest.filter((_, place) => places.has(place)) };
  if (result.refused === 0 || newest.length === votes.length) return result;
  // The newest vote of somebody was cast while the page was frozen: then the one before it counts.
  const passed = new Set(newest);
  const older = await tallyPage(
    redis,
    site,
    page,
    votes.filter((vote) => !passed.has(vote)),
    replicas_min,
    told,
  );
  return {
    ...older,
    applied: result.applied + older.applied,
    stale: result.stale + older.stale,
    refused: result.refused + older.refused,
    early: [...result.early, ...older.early],
    moved: older.moved.map((change, index) => change + (result.moved[index] ?? 0)),
    changes: [...result.changes, ...older.changes],
  };
}

/**
 * Gives back votes that an order took, as `take.lua` kept them: a voter's newer vote stays. May be repeated. The site's
 * timeline and its list of pages that hold votes follow; after `tallyPage` that is the caller's to do, for many calls at once.
 * @param kept 17 bytes a vote, no voter twice
 */
export async function restoreVotes(
  redis: RedisConnection,
  site: string,
  page: string,
  kept: Buffer,
): Promise<Pick<TallyResult, "moved">> {
  const votes = Array.from({ length: kept.length / VOTE_BYTES }, (_, n) =>
    kept.subarray(n * VOTE_BYTES, (n + 1) * VOTE_BYTES),
  );
  const result = await callTally(redis, site, page, Buffer.concat(votes.sort(Buffer.compare)), "restore");
  await addToSite(redis, site, result.changes, result.applied);
  if (result.held > 0) await noteHolding(redis, site, page);
  return result;
}

async function callTally(
  redis: RedisConnection,
  site: string,
  page: string,
  votes: Buffer,
  manner: "" | "restore",
  replicas_min = 0,
  told: (result: CallResult) => void = () => {},
): Promise<CallResult & { readonly places: ReadonlySet<number> }> {
  const keys = pageKeys(site, page);
  const epoch = randomBytes(6).toString("base64url");
  try {
    const reply = await TALLY.runReplicated(
      redis,
      replicas_min,
      keys.hash,
      votes,
      epoch,
      keys.digested ? page : "",
      manner,
      sharedMinute(votes),
      String(KEEP_MS),
    );
    const result = parseReply(reply);
    told(result);
    return result;
  } catch (error) {
    if (error instanceof TooFewReplicasError) told(parseReply(error.reply));
    throw error;
  }
}

function parseReply(reply: unknown): CallResult & { readonly places: ReadonlySet<number> } {
  if (!Array.isArray(reply) || reply.length < 7 + MAX_REACTIONS) {
    throw new Error("tally.lua answered out of shape");
  }
  const early = String(reply[5]);
  const places = new Set(early === "" ? [] : early.split(" ").map(Number));
  const [applied = 0, stale = 0, refused = 0, unlisted = 0, rev = 0] = reply.slice(0, 5).map(Number);
  const [held = 0, ...rest] = reply.slice(6).map(Number);
  const moved = rest.slice(0, MAX_REACTIONS);
  const changes = toMinuteChanges(rest.slice(MAX_REACTIONS), moved);
  return { applied, stale, refused, places, unlisted: unlisted === 1, held, rev, moved, changes };
}

/** The minute of all stamps, so that the script need not look at each; empty when there are several. */
function sharedMinute(votes: Buffer): string {
  let shared: number | undefined;
  for (let from = VOTER_BYTES; from < votes.length; from += VOTE_BYTES) {
    const minute = Math.floor(readStamp(votes, from) / STEP_MS.minute);
    if (shared !== undefined && minute !== shared) return "";
    shared = minute;
  }
  return String(shared ?? "");
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
