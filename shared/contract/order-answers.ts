/** What the service tells about orders: how far they are, what they did, and the audit. */
import { isObject } from "./object.ts";
import { ORDERS } from "./orders.ts";

/** All that the worker carries out: moderators' orders, a voter who leaves (`forget`) or signs in (`move`), and `undo`. */
export const ORDER_KINDS = [...ORDERS, "forget", "move", "undo"] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

/** Votes by reaction. */
export type Votes = Readonly<Record<string, number>>;

/** What an order did; after a `dryRun` what it would do. */
export interface OrderResult {
  /** Votes taken out; of an `undo` those restored. */
  readonly votes: number;
  /** The same by reaction. */
  readonly counts: Votes;
  /** Pages on which it took or restored votes, or whose totals it mended. */
  readonly pages: number;
  /** Those pages, the first hundred of them, with what each lost or got back. */
  readonly list: readonly { readonly page: string; readonly counts: Votes }[];
  /** Totals of the page before and after, where the order is about one page. */
  readonly before?: Votes;
  readonly after?: Votes;
  /** Of a `recount`: by how much the totals were wrong, by reaction; positive when they were too high. */
  readonly drift?: Votes;
}

/** The fields by which an order names votes, as they were understood: `voter` is a handle or a pseudonym, never a token. */
export interface OrderFilters {
  readonly page?: string;
  readonly voter?: string;
  readonly since?: number;
  readonly until?: number;
  readonly source?: string;
  readonly reaction?: string;
}

export interface Order extends OrderFilters {
  readonly id: string;
  readonly order: OrderKind;
  readonly state: "waiting" | "running" | "done" | "failed";
  /** 0 to 1. */
  readonly progress: number;
  /** Name of the token that gave it; `reader` for a voter who left. */
  readonly by: string;
  /** Its stamp: Redis time, ms. It acts on the votes stamped until then. */
  readonly at: number;
  readonly dryRun?: boolean;
  readonly reason?: string;
  /** Of an `undo`: the order that it undoes. */
  readonly of?: string;
  readonly result?: OrderResult;
  /** Until when it can be undone, Unix ms; absent when it cannot. */
  readonly undoUntil?: number;
}

export const DEEDS = [
  "asked",
  "done",
  "failed",
  "made",
  "revoked",
  "imported",
  "base-removed",
  "site-put",
  "site-removed",
] as const;

/** One line of the audit. */
export interface AuditEntry extends OrderFilters {
  /** Grows with time; where the next page begins. */
  readonly id: string;
  /** Redis time, ms. */
  readonly at: number;
  /** Name of the token. */
  readonly who: string;
  /**
   * `asked`: stored, to be carried out. `done`: with what it did. `made`, `revoked`: a token. `imported`: an export came in.
   * `base-removed`: a page's base count went. `site-put`, `site-removed`: the site's settings, or that it is served no more.
   */
  readonly what: (typeof DEEDS)[number];
  readonly order?: OrderKind;
  readonly orderId?: string;
  /** Of an `undo`: the order that it undoes. */
  readonly of?: string;
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly result?: OrderResult;
  /** The token that was made or revoked. */
  readonly token?: string;
}

/** An order's answer; undefined when it is not well formed. */
export function parseOrder(value: unknown): Order | undefined {
  if (!isObject(value)) return undefined;
  const { id, state, progress, by, at, order, result, undoUntil } = value;
  const kind = ORDER_KINDS.find((known) => known === order);
  if (typeof id !== "string" || typeof by !== "string" || kind === undefined) return undefined;
  if (state !== "waiting" && state !== "running" && state !== "done" && state !== "failed") return undefined;
  if (typeof at !== "number" || typeof progress !== "number") return undefined;
  const parsed = result === undefined ? undefined : parseOrderResult(result);
  return {
    id,
    order: kind,
    state,
    progress,
    by,
    at,
    ...commonOf(value),
    ...(parsed === undefined ? {} : { result: parsed }),
    ...(typeof undoUntil === "number" ? { undoUntil } : {}),
  };
}

/** A line of the audit; undefined when it is not well formed. */
export function parseAuditEntry(value: unknown): AuditEntry | undefined {
  if (!isObject(value)) return undefined;
  const { id, at, who, what, order, orderId, result, token } = value;
  if (typeof id !== "string" || typeof at !== "number" || typeof who !== "string") return undefined;
  const known = DEEDS.find((one) => one === what);
  if (known === undefined) return undefined;
  const kind = ORDER_KINDS.find((one) => one === order);
  const parsed = result === undefined ? undefined : parseOrderResult(result);
  return {
    id,
    at,
    who,
    what: known,
    ...(kind === undefined ? {} : { order: kind }),
    ...(typeof orderId === "string" ? { orderId } : {}),
    ...commonOf(value),
    ...(parsed === undefined ? {} : { result: parsed }),
    ...(typeof token === "string" ? { token } : {}),
  };
}

/** A result; undefined when it is not well formed. */
export function parseOrderResult(value: unknown): OrderResult | undefined {
  if (!isObject(value)) return undefined;
  const { votes, pages, list, before, after, drift } = value;
  const counts = parseVotes(value.counts);
  if (typeof votes !== "number" || typeof pages !== "number" || counts === undefined) return undefined;
  if (!Array.isArray(list)) return undefined;
  const rows: { page: string; counts: Votes }[] = [];
  for (const row of list) {
    const held = isObject(row) ? parseVotes(row.counts) : undefined;
    if (!isObject(row) || typeof row.page !== "string" || held === undefined) return undefined;
    rows.push({ page: row.page, counts: held });
  }
  const [was, is, wrong] = [parseVotes(before), parseVotes(after), parseVotes(drift)];
  return {
    votes,
    counts,
    pages,
    list: rows,
    ...(was === undefined ? {} : { before: was }),
    ...(is === undefined ? {} : { after: is }),
    ...(wrong === undefined ? {} : { drift: wrong }),
  };
}

/** Whole numbers by name; undefined for anything else. */
export function parseVotes(value: unknown): Votes | undefined {
  if (!isObject(value)) return undefined;
  const votes: Record<string, number> = {};
  for (const [reaction, count] of Object.entries(value)) {
    if (typeof count !== "number" || !Number.isSafeInteger(count)) return undefined;
    votes[reaction] = count;
  }
  return votes;
}

type Common = OrderFilters & { readonly of?: string; readonly dryRun?: boolean; readonly reason?: string };

function commonOf(value: Readonly<Record<string, unknown>>): Common {
  const { page, voter, since, until, source, reaction, of, dryRun, reason } = value;
  return {
    ...(typeof page === "string" ? { page } : {}),
    ...(typeof voter === "string" ? { voter } : {}),
    ...(typeof since === "number" ? { since } : {}),
    ...(typeof until === "number" ? { until } : {}),
    ...(typeof source === "string" ? { source } : {}),
    ...(typeof reaction === "string" ? { reaction } : {}),
    ...(typeof of === "string" ? { of } : {}),
    ...(typeof dryRun === "boolean" ? { dryRun } : {}),
    ...(typeof reason === "string" ? { reason } : {}),
  };
}
