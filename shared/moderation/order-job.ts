/** The shape of an order on its way from the API to the worker. */
import { isObject } from "../contract/object.ts";
import { ORDER_KINDS, type OrderKind } from "../contract/order-answers.ts";
import { isPageId } from "../contract/page-id.ts";
import { isSiteId } from "../contract/site-id.ts";

/** An order that was checked and stamped. Reactions by index, voters by handle or pseudonym: no token gets here. */
export interface StoredOrder {
  readonly version: 1;
  readonly site: string;
  readonly order: OrderKind;
  /** Redis time, ms. */
  readonly at: number;
  /** Name of the token that gave it. */
  readonly by: string;
  readonly page?: string | undefined;
  readonly voter?: string | undefined;
  /** Of a move: the handle of the account that the voter's votes go to, and the only pages that it is about. */
  readonly to?: string | undefined;
  readonly pages?: readonly string[] | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** 24 bits. */
  readonly source?: number | undefined;
  /** Index in the site's reactions. */
  readonly reaction?: number | undefined;
  readonly dryRun?: boolean | undefined;
  readonly reason?: string | undefined;
  /** Of an undo: the id of the order to undo, and which it was; `page` and `voter` are that order's. */
  readonly of?: string | undefined;
  readonly undoes?: OrderKind | undefined;
}

/** What an order did, reactions by index; what `OrderResult` is before the names are put to it. */
export interface StoredResult {
  readonly votes: number;
  readonly counts: readonly number[];
  readonly pages: number;
  readonly list: readonly { readonly page: string; readonly counts: readonly number[] }[];
  readonly before?: readonly number[];
  readonly after?: readonly number[];
  readonly drift?: readonly number[];
}

/** Why an order cannot be read; it is kept among the failed ones. */
export class OrderJobError extends Error {
  override readonly name = "OrderJobError";
}

/**
 * An order as BullMQ stored it, checked.
 * @throws OrderJobError
 */
export function fromOrderJob(data: unknown): StoredOrder {
  if (!isObject(data)) throw new OrderJobError("expected an object");
  const { version, site, at, by, page, voter, since, until, source, reaction, dryRun, reason, of } = data;
  if (version !== 1) throw new OrderJobError(`expected version 1, got ${JSON.stringify(version)}`);
  const order = ORDER_KINDS.find((kind) => kind === data.order);
  if (!isSiteId(site) || order === undefined || typeof at !== "number" || typeof by !== "string") {
    throw new OrderJobError("site, order, at or by is not well formed");
  }
  const { to, pages } = data;
  if (pages !== undefined && !(Array.isArray(pages) && pages.every(isPageId)))
    throw new OrderJobError("pages is not well formed");
  if (page !== undefined && !isPageId(page)) throw new OrderJobError("page is not well formed");
  return {
    version,
    site,
    order,
    at,
    by,
    page,
    voter: textOf(voter),
    to: textOf(to),
    pages,
    since: numberOf(since),
    until: numberOf(until),
    source: numberOf(source),
    reaction: numberOf(reaction),
    dryRun: dryRun === true ? true : undefined,
    reason: textOf(reason),
    of: textOf(of),
    undoes: ORDER_KINDS.find((kind) => kind === data.undoes),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
