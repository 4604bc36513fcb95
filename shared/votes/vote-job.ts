/** The shape of a job on its way from the API to the worker: one commit, many votes. */
import { isObject } from "../contract/object.ts";
import { isPageId } from "../contract/page-id.ts";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import { isSiteId } from "../contract/site-id.ts";
import { STAMP_MS_END } from "../contract/stamp.ts";
import { SETTLED } from "../tallies/record.ts";

/** A vote that was checked, stamped and made pseudonymous. */
export interface AcceptedVote {
  readonly site: string;
  readonly page: string;
  /** The voter's pseudonym on this page: 16 hexadecimal digits. */
  readonly voter: string;
  /**
   * Index in the site's reactions; null withdraws. `SETTLED` more: the vote is not to be held. In an import `HELD` more: it is
   * held, and `TAKEN_REACTION`: an order took it out.
   */
  readonly reaction: number | null;
  /** Redis time, ms. */
  readonly at: number;
  /** Keyed hash of the network the vote came from: 24 bits. */
  readonly source: number;
}

/** What a record holds whose vote an order took out; `TAKEN` of shared/tallies is the same. */
export const TAKEN_REACTION = 30;

/** A vote as a row: a job holds hundreds, and field names would be most of it. */
type VoteRow = readonly [string, string, string, number | null, number, number];

/** What BullMQ stores, as JSON. */
export interface VoteJob {
  /**
   * Raised when the rows change, or where else they may stand; a worker fails jobs of versions it does not know, and they are kept.
   * Since 2 more votes may have joined the job (`NewestJob`).
   */
  readonly version: 2;
  readonly votes: readonly VoteRow[];
}

const VERSIONS: readonly unknown[] = [1, 2];

/** Why a job cannot be read; such a job is kept among the failed ones. */
export class VoteJobError extends Error {
  override readonly name = "VoteJobError";
}

/** Votes as a job's data. */
export function toVoteJob(votes: readonly AcceptedVote[]): VoteJob {
  return { version: 2, votes: votes.map(toRow) };
}

function toRow({ site, page, voter, reaction, at, source }: AcceptedVote): VoteRow {
  return [site, page, voter, reaction, at, source];
}

/**
 * The votes of a job, checked, in the order in which they were accepted.
 * @throws VoteJobError
 */
export function fromVoteJob(data: unknown): readonly AcceptedVote[] {
  if (!isObject(data)) throw new VoteJobError("expected an object");
  const { version, votes } = data;
  if (!VERSIONS.includes(version))
    throw new VoteJobError(`expected version ${VERSIONS.join(" or ")}, got ${JSON.stringify(version)}`);
  if (!Array.isArray(votes)) throw new VoteJobError("expected a list of votes");
  return votes.map(toVote);
}

const PSEUDONYM = /^[0-9a-f]{16}$/;
const SOURCE_END = 2 ** 24;

function toVote(row: unknown, index: number): AcceptedVote {
  if (!Array.isArray(row) || row.length !== 6) throw new VoteJobError(`vote ${index}: expected six fields`);
  const [site, page, voter, reaction, at, source]: readonly unknown[] = row;
  if (!isSiteId(site)) throw malformed(index, "site");
  if (!isPageId(page)) throw malformed(index, "page");
  if (typeof voter !== "string" || !PSEUDONYM.test(voter)) throw malformed(index, "voter");
  if (reaction !== null && reaction !== TAKEN_REACTION && !isBelow(reaction, SETTLED + MAX_REACTIONS))
    throw malformed(index, "reaction");
  if (!isBelow(at, STAMP_MS_END)) throw malformed(index, "at");
  if (!isBelow(source, SOURCE_END)) throw malformed(index, "source");
  return { site, page, voter, reaction, at, source };
}

function malformed(index: number, field: string): VoteJobError {
  return new VoteJobError(`vote ${index}: ${field} is not well formed`);
}

function isBelow(value: unknown, limit: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < limit;
}
