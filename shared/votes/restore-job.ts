/** The shape of a job that prepares a page for an import, or sets its base count. */
import { isObject } from "../contract/object.ts";
import { isPageId } from "../contract/page-id.ts";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import { isSiteId } from "../contract/site-id.ts";
import { VoteJobError } from "./vote-job.ts";

/** Name of such a job in the queue of votes. */
export const RESTORE_JOB = "restore";

/** Past this many records no more room is made ahead: a mistyped number must not fill Redis with buckets. */
const RECORDS_MAX = 100_000_000;

export interface RestoreJob {
  /** Raised when the fields change; a worker keeps jobs of versions that it does not know among the failed ones. */
  readonly version: 1;
  readonly site: string;
  readonly page: string;
  /** How many records are to come. */
  readonly records: number;
  /** Base counts by index of the reaction; undefined: the page keeps those that it has. */
  readonly base?: readonly number[] | undefined;
  /** Spans in which the page was frozen, as frozen.lua keeps them. */
  readonly frozen?: string | undefined;
  /** When it was hidden or shown, as set-state.lua keeps it. */
  readonly hidden?: number | undefined;
  /** Since when the page is closed, ms: a page that has records of its own is not, and keeps its base count. */
  readonly closed?: number | undefined;
  /** A moderator takes the base count away: then that of a closed page goes, too. */
  readonly removes?: true | undefined;
}

/**
 * A job's data, checked.
 * @throws VoteJobError
 */
export function fromRestoreJob(data: unknown): RestoreJob {
  if (!isObject(data)) throw new VoteJobError("expected an object");
  const { version, site, page, records, base, frozen, hidden, closed, removes } = data;
  if (version !== 1) throw new VoteJobError(`expected version 1, got ${JSON.stringify(version)}`);
  if (!isSiteId(site) || !isPageId(page)) throw new VoteJobError("site or page is not well formed");
  if (!isCount(records)) throw new VoteJobError("records is not well formed");
  if (base !== undefined && !isBase(base)) throw new VoteJobError("base is not well formed");
  if (frozen !== undefined && !isFrozen(frozen)) throw new VoteJobError("frozen is not well formed");
  if (hidden !== undefined && !Number.isSafeInteger(hidden))
    throw new VoteJobError("hidden is not well formed");
  if (closed !== undefined && !isCount(closed)) throw new VoteJobError("closed is not well formed");
  return {
    version,
    site,
    page,
    records: Math.min(records, RECORDS_MAX),
    base,
    frozen,
    hidden: hidden === undefined ? undefined : Number(hidden),
    closed,
    removes: removes === true ? true : undefined,
  };
}

function isFrozen(value: unknown): value is string {
  return typeof value === "string" && /^\d{1,14}:(?:\d{1,14})?(?: \d{1,14}:(?:\d{1,14})?)*$/.test(value);
}

function isBase(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= MAX_REACTIONS && value.every(isCount);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
