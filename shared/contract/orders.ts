/** What moderators may order, checked field by field. */
import { isObject } from "./object.ts";
import { isPageId } from "./page-id.ts";
import { Refusal } from "./problems.ts";
import { isReactionName } from "./reactions.ts";
import { STAMP_MS_END } from "./stamp.ts";
import { namesVoter } from "./voter-token.ts";

/**
 * - `freeze`, `reopen`: votes stamped later are refused, or taken again. `hide`, `show`: no counts are shown, or they are.
 * - `reset`: every vote of a page goes. `purge`: the votes go that match all the filters, of a page or of the whole site.
 * - `ban`: a voter's votes go, and later ones are not counted, without telling. `unban`: later ones count again.
 * - `release`: held votes of a page count; `discard`: they go. Both are about those that match all the filters.
 * - `recount`: totals are counted anew from the records; a difference is mended and reported.
 */
export const ORDERS = [
  "freeze",
  "reopen",
  "hide",
  "show",
  "reset",
  "purge",
  "ban",
  "unban",
  "release",
  "discard",
  "recount",
] as const;

/** An order that a moderator gives. */
export type OrderName = (typeof ORDERS)[number];

/** Orders that can be undone. */
export const UNDOABLE: readonly string[] = ["reset", "purge", "ban", "release", "discard"];

/** How long what an order took can be restored: 7 days. */
export const UNDO_MS_MAX = 7 * 86_400_000;

/** Longest reason, in characters. */
export const REASON_LENGTH_MAX = 500;

export interface OrderRequest {
  readonly order: OrderName;
  /** The page; without one `purge`, `ban`, `unban` and `recount` are about the whole site. */
  readonly page?: string;
  /**
   * Whose votes: a voter's token, anonymous or of an account; or a voter's handle (`v1.…`), as orders and audit show it; or, together with `page`, the
   * voter's pseudonym on that page (16 hexadecimal digits), as an export shows it.
   */
  readonly voter?: string;
  /** Votes stamped at this time or later, Unix ms. */
  readonly since?: number;
  /** Votes stamped at this time or earlier, Unix ms. */
  readonly until?: number;
  /** Votes from this network source: 6 hexadecimal digits, as `sources` shows them. */
  readonly source?: string;
  /** Votes that hold this reaction. */
  readonly reaction?: string;
  /** Tells what would go, and changes nothing: for `reset`, `purge`, `ban`, `release` and `discard`. */
  readonly dryRun?: boolean;
  /** Why, for the audit. */
  readonly reason?: string;
}

const HANDLE = /^v1\.[A-Za-z0-9_-]{43}$/;
const PSEUDONYM = /^[0-9a-f]{16}$/;
const SOURCE = /^[0-9a-f]{6}$/;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Whether `value` has the shape of a voter's handle: the site-wide name under which orders know a voter. */
export function isVoterHandle(value: unknown): value is string {
  return typeof value === "string" && HANDLE.test(value);
}

/** Whether `value` has the shape of a voter's name on one page. */
export function isPseudonym(value: unknown): value is string {
  return typeof value === "string" && PSEUDONYM.test(value);
}

/** Whether `value` has the shape of a network source. */
export function isSource(value: unknown): value is string {
  return typeof value === "string" && SOURCE.test(value);
}

/** Which fields an order takes besides `order` and `reason`. */
const FIELDS: Readonly<Record<OrderName, readonly string[]>> = {
  freeze: ["page"],
  reopen: ["page"],
  hide: ["page"],
  show: ["page"],
  reset: ["page", "dryRun"],
  purge: ["page", "voter", "since", "until", "source", "reaction", "dryRun"],
  ban: ["page", "voter", "dryRun"],
  unban: ["page", "voter"],
  release: ["page", "voter", "since", "until", "source", "reaction", "dryRun"],
  discard: ["page", "voter", "since", "until", "source", "reaction", "dryRun"],
  recount: ["page"],
};

const NEEDS_PAGE: readonly OrderName[] = ["freeze", "reopen", "hide", "show", "reset", "release", "discard"];

/**
 * An order from outside. A field that the order does not take is refused: a mistyped `page` must not purge a site.
 * @throws Refusal `order_unknown`, `order_invalid`, `filter_empty`, `page_invalid`, `reaction_unknown` or `voter_invalid`
 */
export function parseOrderRequest(value: unknown): OrderRequest {
  if (!isObject(value)) throw invalid("An order is a JSON object.");
  const order = ORDERS.find((known) => known === value.order);
  if (order === undefined) throw new Refusal("order_unknown", `The orders are ${ORDERS.join(", ")}.`);
  for (const field of Object.keys(value)) {
    if (field === "order" || field === "reason" || FIELDS[order].includes(field)) continue;
    throw invalid(`The order ${order} takes no field ${JSON.stringify(field.slice(0, 40))}.`);
  }
  const request = { order, ...filtersOf(value) };
  checkTogether(request);
  return request;
}

function filtersOf(value: Readonly<Record<string, unknown>>): Omit<OrderRequest, "order"> {
  const { page, voter, since, until, source, reaction, dryRun, reason } = value;
  if (page !== undefined && !isPageId(page)) throw new Refusal("page_invalid");
  if (voter !== undefined && !isVoter(voter)) throw new Refusal("voter_invalid");
  if (since !== undefined && !isTime(since)) throw invalid("since is a time in Unix milliseconds.");
  if (until !== undefined && !isTime(until)) throw invalid("until is a time in Unix milliseconds.");
  if (source !== undefined && !isSource(source)) throw invalid("A source is 6 hexadecimal digits.");
  if (reaction !== undefined && !isReactionName(reaction)) throw new Refusal("reaction_unknown");
  if (dryRun !== undefined && typeof dryRun !== "boolean") throw invalid("dryRun is true or false.");
  if (reason !== undefined && !isReason(reason)) {
    throw invalid(`A reason is text without control characters, at most ${REASON_LENGTH_MAX} characters.`);
  }
  return {
    ...(page === undefined ? {} : { page }),
    ...(voter === undefined ? {} : { voter }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(source === undefined ? {} : { source }),
    ...(reaction === undefined ? {} : { reaction }),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function checkTogether({ order, page, voter, since, until, source, reaction }: OrderRequest): void {
  if (page === undefined && NEEDS_PAGE.includes(order)) throw invalid(`The order ${order} needs a page.`);
  if (order === "purge" && [voter, since, until, source, reaction].every((field) => field === undefined)) {
    throw new Refusal("filter_empty");
  }
  if (since !== undefined && until !== undefined && until < since) throw invalid("until is before since.");
  if (voter === undefined && (order === "ban" || order === "unban")) {
    throw invalid(`The order ${order} needs a voter.`);
  }
  if (page === undefined && isPseudonym(voter)) {
    throw invalid("A pseudonym names a voter on one page only: name the page too.");
  }
  if (page !== undefined && !isPseudonym(voter) && (order === "ban" || order === "unban")) {
    throw invalid("A voter's token or handle is banned on the whole site: leave the page out.");
  }
}

function isVoter(value: unknown): value is string {
  return namesVoter(value) || isVoterHandle(value) || isPseudonym(value);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < STAMP_MS_END;
}

function isReason(value: unknown): value is string {
  return typeof value === "string" && value.length <= REASON_LENGTH_MAX && !CONTROL.test(value);
}

function invalid(detail: string): Refusal {
  return new Refusal("order_invalid", detail);
}
