/**
 * Every refusal that a client can see: one row each. The code is a promise; the sentence is for people and may change.
 * Sent as `application/problem+json` (RFC 9457) over HTTP and as `problem` in the ack of a socket event.
 */

import type { Puzzle } from "./puzzle.ts";

interface ProblemRow {
  /** HTTP status. */
  readonly status: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
  /** What went wrong, for people. */
  readonly title: string;
}

const ROWS = {
  body_invalid: { status: 400, retryable: false, title: "The request's body is not what this route takes." },
  page_invalid: {
    status: 400,
    retryable: false,
    title: "A page id is 1 to 512 bytes of UTF-8 without control characters.",
  },
  pages_invalid: { status: 400, retryable: false, title: "Name at least one and at most 100 pages." },
  too_many_pages: { status: 400, retryable: false, title: "Name or watch at most 100 pages." },
  reaction_unknown: { status: 400, retryable: false, title: "This site has no such reaction." },
  query_invalid: {
    status: 400,
    retryable: false,
    title: "A parameter of the address is not one that this route takes.",
  },
  header_invalid: { status: 400, retryable: false, title: "A header of the request cannot be understood." },
  voter_missing: { status: 401, retryable: false, title: "This needs a voter's token." },
  voter_invalid: {
    status: 401,
    retryable: false,
    title: "The voter's token is not one that this site gave out.",
  },
  account_needed: {
    status: 401,
    retryable: false,
    title: "On this site only readers who signed in may vote.",
  },
  account_refused: { status: 403, retryable: false, title: "Accounts do not vote on this site." },
  account_invalid: {
    status: 401,
    retryable: false,
    title: "The account's token is not one that this site's publisher signed for this service.",
  },
  account_expired: {
    status: 401,
    retryable: false,
    title: "The account's token has expired; the page has to bring a newer one.",
  },
  accounts_unavailable: {
    status: 503,
    retryable: true,
    title: "The publisher's keys cannot be read at this moment; the same request may be sent again.",
  },
  token_missing: { status: 401, retryable: false, title: "This needs a moderator's token." },
  token_invalid: {
    status: 401,
    retryable: false,
    title: "The moderator's token is not one that this service gave out, or it was revoked.",
  },
  scope_missing: { status: 403, retryable: false, title: "This token may not do that." },
  token_request_invalid: {
    status: 400,
    retryable: false,
    title: "A token is asked for with a name, a scope (read, moderate or admin) and, if need be, a site.",
  },
  token_unknown: { status: 404, retryable: false, title: "There is no token of this name." },
  token_exists: { status: 409, retryable: false, title: "There is a token of this name already." },
  import_foreign: {
    status: 400,
    retryable: false,
    title: "This is not an export that this site can take; nothing was imported.",
  },
  import_broken: {
    status: 400,
    retryable: false,
    title: "A line of the import cannot be taken; everything before it was.",
  },
  import_truncated: {
    status: 400,
    retryable: false,
    title: "The import was cut off before its trailer; everything up to there was taken.",
  },
  token_builtin: {
    status: 409,
    retryable: false,
    title: "The built-in token comes from the settings; change ADMIN_TOKEN to end it.",
  },
  tokens_full: { status: 409, retryable: false, title: "There are too many tokens; revoke some." },
  token_too_fast: {
    status: 429,
    retryable: true,
    title: "Too many wrong tokens came from this network in a short time.",
  },
  webhook_invalid: { status: 400, retryable: false, title: "The webhook is not well formed." },
  webhook_unknown: { status: 404, retryable: false, title: "There is no webhook of this name on this site." },
  webhooks_full: { status: 409, retryable: false, title: "The site has as many webhooks as it may have." },
  order_unknown: { status: 400, retryable: false, title: "There is no such order." },
  order_invalid: { status: 400, retryable: false, title: "The order is not well formed." },
  filter_empty: {
    status: 400,
    retryable: false,
    title:
      "A purge needs a filter: voter, source, reaction, since or until. To take every vote of a page, use reset.",
  },
  order_not_found: { status: 404, retryable: false, title: "There is no order of this id on this site." },
  order_unfinished: {
    status: 409,
    retryable: false,
    title: "The order is still being carried out; undo it when it is done.",
  },
  undo_unfit: {
    status: 409,
    retryable: false,
    title: "Only a reset, a purge, a ban, a release or a discard that was carried out can be undone.",
  },
  undo_twice: { status: 409, retryable: false, title: "This order was undone already." },
  undo_expired: {
    status: 410,
    retryable: false,
    title: "An order can be undone for 7 days; this one is older.",
  },
  page_frozen: { status: 409, retryable: false, title: "This page takes no votes any more." },
  forget_too_fast: {
    status: 429,
    retryable: true,
    title: "Too many voters of this network asked to be forgotten in a short time.",
  },
  moves_too_fast: {
    status: 429,
    retryable: true,
    title: "Too many readers of this network moved their votes to an account in a short time.",
  },
  orders_full: {
    status: 503,
    retryable: true,
    title: "More orders are waiting than may wait; the same request may be sent again.",
  },
  page_refused: { status: 403, retryable: false, title: "This site does not let readers open this page." },
  pages_too_fast: {
    status: 429,
    retryable: true,
    title: "Too many new pages were opened from this network in a short time.",
  },
  origin_refused: {
    status: 403,
    retryable: false,
    title: "This site takes nothing from pages of this origin.",
  },
  sockets_full: {
    status: 429,
    retryable: true,
    title: "Too many sockets are open from this network.",
  },
  page_closed: {
    status: 409,
    retryable: false,
    title: "Voting on this page is closed for good: its voters' records are no longer kept.",
  },
  site_invalid: { status: 400, retryable: false, title: "The settings of the site are not well formed." },
  site_fixed: {
    status: 409,
    retryable: false,
    title: "This site comes from SITES_FILE, or is the open one; it is changed or removed there.",
  },
  sites_full: { status: 409, retryable: false, title: "There are too many sites, removed ones included." },
  site_unknown: { status: 404, retryable: false, title: "There is no such site here." },
  route_unknown: { status: 404, retryable: false, title: "There is nothing at this address." },
  embed_unknown: { status: 404, retryable: false, title: "There is no page to embed at this address." },
  method_unknown: { status: 405, retryable: false, title: "This address does not take this method." },
  request_too_slow: { status: 408, retryable: false, title: "The request took too long to arrive." },
  body_too_large: { status: 413, retryable: false, title: "The request's body is too large." },
  media_type_unknown: {
    status: 415,
    retryable: false,
    title: "The request's body is of a type that this route does not take, or not in UTF-8.",
  },
  puzzle_needed: {
    // 428, not 401 or 403: nobody has to sign in, nothing is forbidden. The same request with a solution is taken (RFC 6585).
    status: 428,
    retryable: false,
    title: "Many new voters come at this moment: send this again with the solution of the puzzle.",
  },
  puzzle_failed: {
    status: 428,
    retryable: false,
    title: "The solution is wrong, too old or used: send this again with the solution of the new puzzle.",
  },
  voters_too_fast: {
    status: 429,
    retryable: true,
    title: "Too many new voters came from this network in a short time.",
  },
  votes_too_fast: {
    status: 429,
    retryable: true,
    title: "Too many votes came from this voter or this network in a short time.",
  },
  header_too_large: {
    status: 431,
    retryable: false,
    title: "The request's address and headers are too large.",
  },
  internal_error: { status: 500, retryable: true, title: "Something broke on our side; it has been logged." },
  format_unknown: { status: 501, retryable: false, title: "This is only to be had as JSON." },
  unavailable: {
    status: 503,
    retryable: true,
    title: "Votes cannot be stored at this moment; the same request may be sent again.",
  },
  overloaded: {
    status: 503,
    retryable: true,
    title: "More votes are waiting than this process may hold; the same request may be sent again.",
  },
} as const satisfies Record<string, ProblemRow>;

/** Stable name of a refusal. */
export type ProblemCode = keyof typeof ROWS;

/** All codes, for documentation and tests. */
export const PROBLEM_CODES = Object.keys(ROWS) as readonly ProblemCode[];

/** A refusal as it travels. */
export interface Problem {
  /** A relative reference that identifies the kind, as RFC 9457 asks. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly retryable: boolean;
  /** What was wrong with this very request, for people. */
  readonly detail?: string;
  /** Over sockets, of what may be sent again: whole seconds after which that makes sense. Over HTTP `Retry-After` says it. */
  readonly retryAfter?: number;
  /** Of an import: the number of the line at which it ended, 1 for the first. All lines before it are stored. */
  readonly line?: number;
  /** Of `puzzle_needed` and `puzzle_failed`: what to solve. */
  readonly puzzle?: Puzzle;
}

/** The refusal `code`, with an optional sentence about this very request. */
export function problem(code: ProblemCode, detail?: string, line?: number): Problem {
  const { status, retryable, title } = ROWS[code];
  const base = { type: `/problems/${code}`, title, status, code, retryable };
  return { ...base, ...(detail === undefined ? {} : { detail }), ...(line === undefined ? {} : { line }) };
}

/** A refusal on its way to the client; whatever threw it left all state untouched. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly problem: Problem;
  /** Seconds after which a retry makes sense. */
  readonly retryAfter_s: number | undefined;

  constructor(code: ProblemCode, detail?: string, retryAfter_s?: number, line?: number) {
    super(detail ?? code);
    this.problem = problem(code, detail, line);
    this.retryAfter_s = retryAfter_s ?? (this.problem.retryable ? 1 : undefined);
  }
}

/** A refusal as it travels over a socket, where there are no headers. */
export function socketProblem({ problem, retryAfter_s }: Refusal): Problem {
  return retryAfter_s === undefined ? problem : { ...problem, retryAfter: retryAfter_s };
}

/** A refusal that a solved puzzle overcomes. */
export class PuzzleNeeded extends Refusal {
  override readonly problem: Problem;

  constructor(code: "puzzle_needed" | "puzzle_failed", puzzle: Puzzle) {
    super(code);
    this.problem = { ...problem(code), puzzle };
  }
}

/**
 * A quota in the words of draft-ietf-httpapi-ratelimit-headers: so many times (q) in so many seconds (w); without seconds, so
 * many at a time (qu).
 */
export interface QuotaPolicy {
  readonly name: string;
  readonly quota: number;
  readonly window_s?: number;
}

/** What a quota can be used up of: each code of status 429. */
export type TooFastCode = {
  [Code in ProblemCode]: (typeof ROWS)[Code]["status"] extends 429 ? Code : never;
}[ProblemCode];

/** A refusal because a quota is used up. */
export class TooFast extends Refusal {
  readonly policy: QuotaPolicy;

  /** @param wait_s seconds until there is room again, rounded up to whole ones */
  constructor(code: TooFastCode, policy: QuotaPolicy, wait_s: number) {
    super(code, undefined, Math.max(1, Math.ceil(wait_s)));
    this.policy = policy;
  }
}
