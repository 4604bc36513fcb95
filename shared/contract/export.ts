/**
 * What an export is made of: lines of JSON (NDJSON), each an object whose `kind` says what it is. In this order:
 *
 *     header                      once, first
 *     page, vote …, totals        for each page, pages sorted by id, its votes sorted by pseudonym
 *     audit …                     oldest first
 *     trailer                     once, last; a file without it was cut off
 *
 * Epochs and revisions are not carried: they belong to the service that drew them, and after an import viewers must see
 * a new epoch. So the same votes make the same bytes wherever they are, except for the header's `exportedAt`.
 */
import { isPageState, type PageState } from "./counts.ts";
import { isObject } from "./object.ts";
import { isPageId } from "./page-id.ts";
import { isReactionName, MAX_REACTIONS } from "./reactions.ts";
import { isPageTitle, isPageUrl } from "./registered-page.ts";
import { isSiteId } from "./site-id.ts";
import { STAMP_MS_END } from "./stamp.ts";

/** Stands in every header, so that a foreign file is known by its first line. */
export const EXPORT_FORMAT = "reader-reactions-export";

/** Raised when lines change their meaning. */
export const EXPORT_VERSION = 1;

/** Longest line, in UTF-16 units: an audit entry that names a hundred pages with the longest ids, all escaped. */
export const EXPORT_LINE_CHARACTERS_MAX = 500_000;

/** Votes by reaction. */
export type ReactionCounts = Readonly<Record<string, number>>;

export interface HeaderLine {
  readonly kind: "header";
  readonly format: typeof EXPORT_FORMAT;
  readonly version: typeof EXPORT_VERSION;
  readonly site: string;
  readonly reactions: readonly string[];
  /** Unix milliseconds by Redis's clock. */
  readonly exportedAt: number;
}

/** From and to, Unix milliseconds; null: it goes on. */
export type FrozenSpan = readonly [from: number, to: number | null];

/** A page; the votes that follow are its. */
export interface PageLine {
  readonly kind: "page";
  readonly page: string;
  readonly state: PageState;
  /** How many votes follow, as far as was known when the line was written; room is made for them in one go. */
  readonly records: number;
  /** Bare totals that came from elsewhere, without voters. */
  readonly base?: ReactionCounts;
  /** What the publisher registered. */
  readonly title?: string;
  readonly url?: string;
  /** Unix milliseconds. */
  readonly published?: number;
  /** Spans in which votes did not count, oldest first, each from and to (null: it goes on), Unix milliseconds. */
  readonly frozen?: readonly FrozenSpan[];
  /** Stamp of the order that hid the page; below zero, that of the one that showed it again. */
  readonly hidden?: number;
  /** Since when it is closed for good, Unix milliseconds: its base count holds what its records did. */
  readonly closed?: number;
}

/** A voter's record on the page whose line came last. */
export interface VoteLine {
  readonly kind: "vote";
  /** The voter's pseudonym on this page: 16 hexadecimal digits. */
  readonly voter: string;
  /** Null: withdrawn, or taken out by an order; the record stays, so that an older vote cannot come back. */
  readonly reaction: string | null;
  /** Redis time of the vote, Unix milliseconds. */
  readonly at: number;
  /** Keyed hash of the network that the vote came from: 6 hexadecimal digits. */
  readonly source: string;
  /** An order took the vote out: neither it nor an older one of the voter may count. */
  readonly taken?: true;
  /** The vote is held: it is in no total. */
  readonly held?: true;
}

/** Closes a page: the sum of its vote lines, so that a page that lost some is noticed. */
export interface TotalsLine {
  readonly kind: "totals";
  readonly page: string;
  readonly votes: number;
  readonly counts: ReactionCounts;
}

/** One entry of the audit, as `GET audit` gives it. */
export interface AuditLine {
  readonly kind: "audit";
  readonly entry: Readonly<Record<string, unknown>>;
}

/** The end; how many lines of each kind came before it. */
export interface TrailerLine {
  readonly kind: "trailer";
  readonly pages: number;
  readonly votes: number;
  readonly audit: number;
}

export type ExportLine = HeaderLine | PageLine | VoteLine | TotalsLine | AuditLine | TrailerLine;

/** A line that is not one of an export; the message says in a sentence what is wrong with it. */
export class ExportLineError extends Error {
  override readonly name = "ExportLineError";
}

/** A line of an export, without its line break. Field order is fixed by whoever made the object. */
export function writeExportLine(line: ExportLine): string {
  return JSON.stringify(line);
}

/**
 * One line, checked field by field.
 * @throws ExportLineError
 */
export function parseExportLine(text: string): ExportLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ExportLineError("This line is not JSON.");
  }
  if (!isObject(value)) throw new ExportLineError("This line is not a JSON object.");
  switch (value.kind) {
    case "header":
      return parseHeader(value);
    case "page":
      return parsePage(value);
    case "vote":
      return parseVote(value);
    case "totals":
      return parseTotals(value);
    case "audit":
      return { kind: "audit", entry: objectIn(value, "entry") };
    case "trailer":
      return {
        kind: "trailer",
        pages: countIn(value, "pages"),
        votes: countIn(value, "votes"),
        audit: countIn(value, "audit"),
      };
    default:
      throw new ExportLineError("This line is of no kind that an export has.");
  }
}

type Fields = Readonly<Record<string, unknown>>;

function parseHeader(value: Fields): HeaderLine {
  const { format, version, site, reactions, exportedAt } = value;
  if (format !== EXPORT_FORMAT) throw new ExportLineError("This is not an export of Reader Reactions.");
  if (version !== EXPORT_VERSION) {
    throw new ExportLineError(
      `Expected version ${EXPORT_VERSION} of the format, got ${JSON.stringify(version)}.`,
    );
  }
  if (!isSiteId(site)) throw malformed("site");
  if (!isAt(exportedAt)) throw malformed("exportedAt");
  if (!Array.isArray(reactions) || reactions.length > MAX_REACTIONS) throw malformed("reactions");
  const names: readonly unknown[] = reactions;
  if (!names.every(isReactionName)) throw malformed("reactions");
  return { kind: "header", format, version, site, reactions: names, exportedAt };
}

function parsePage(value: Fields): PageLine {
  const { page, state, base, title, url, published, frozen, hidden, closed } = value;
  if (!isPageId(page)) throw malformed("page");
  if (!isPageState(state)) throw malformed("state");
  if (title !== undefined && !isPageTitle(title)) throw malformed("title");
  if (url !== undefined && !isPageUrl(url)) throw malformed("url");
  if (published !== undefined && !isAt(published)) throw malformed("published");
  if (frozen !== undefined && !isFrozen(frozen)) throw malformed("frozen");
  if (hidden !== undefined && !(typeof hidden === "number" && isAt(Math.abs(hidden))))
    throw malformed("hidden");
  if (closed !== undefined && !isAt(closed)) throw malformed("closed");
  return {
    kind: "page",
    page,
    state,
    records: countIn(value, "records"),
    ...(base === undefined ? {} : { base: countsIn(value, "base") }),
    ...(title === undefined ? {} : { title }),
    ...(url === undefined ? {} : { url }),
    ...(published === undefined ? {} : { published }),
    ...(frozen === undefined ? {} : { frozen }),
    ...(hidden === undefined ? {} : { hidden }),
    ...(closed === undefined ? {} : { closed }),
  };
}

const PSEUDONYM = /^[0-9a-f]{16}$/;
const SOURCE = /^[0-9a-f]{6}$/;

function parseVote(value: Fields): VoteLine {
  const { voter, reaction, at, source, taken, held } = value;
  if (typeof voter !== "string" || !PSEUDONYM.test(voter)) throw malformed("voter");
  if (reaction !== null && !isReactionName(reaction)) throw malformed("reaction");
  if (!isAt(at)) throw malformed("at");
  if (typeof source !== "string" || !SOURCE.test(source)) throw malformed("source");
  if (held !== undefined && (held !== true || reaction === null)) throw malformed("held");
  if (held === true) return { kind: "vote", voter, reaction, at, source, held };
  if (taken === undefined) return { kind: "vote", voter, reaction, at, source };
  if (taken !== true || reaction !== null) throw malformed("taken");
  return { kind: "vote", voter, reaction, at, source, taken };
}

function parseTotals(value: Fields): TotalsLine {
  if (!isPageId(value.page)) throw malformed("page");
  return {
    kind: "totals",
    page: value.page,
    votes: countIn(value, "votes"),
    counts: countsIn(value, "counts"),
  };
}

function countIn(value: Fields, field: string): number {
  const count = value[field];
  if (!isCount(count)) throw malformed(field);
  return count;
}

function countsIn(value: Fields, field: string): ReactionCounts {
  const entries = Object.entries(objectIn(value, field));
  if (entries.length > MAX_REACTIONS) throw malformed(field);
  const counts: Record<string, number> = {};
  for (const [reaction, count] of entries) {
    if (!isReactionName(reaction) || !isCount(count)) throw malformed(field);
    counts[reaction] = count;
  }
  return counts;
}

function objectIn(value: Fields, field: string): Fields {
  const inner = value[field];
  if (!isObject(inner)) throw malformed(field);
  return inner;
}

function malformed(field: string): ExportLineError {
  return new ExportLineError(`The field "${field}" of this line is missing or not well formed.`);
}

/** A page remembers as many. */
const FROZEN_SPANS_MAX = 8;

function isFrozen(value: unknown): value is readonly FrozenSpan[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > FROZEN_SPANS_MAX) return false;
  const spans: readonly unknown[] = value;
  return spans.every((span) => {
    const [from, to, ...rest]: readonly unknown[] = Array.isArray(span) ? span : [];
    return isAt(from) && (to === null || (isAt(to) && to >= from)) && rest.length === 0;
  });
}

function isAt(value: unknown): value is number {
  return isCount(value) && value < STAMP_MS_END;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
