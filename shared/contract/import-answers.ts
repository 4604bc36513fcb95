/** What the service says of imports and of what they left. */
import { isObject } from "./object.ts";
import { parseVotes, type Votes } from "./order-answers.ts";

/** What came of a whole import: how many lines, and how many of each kind. */
export interface ImportAnswer {
  readonly lines: number;
  readonly pages: number;
  readonly votes: number;
  readonly audit: number;
}

/** What of a page's totals came without voters, by reaction; those that are zero are left out. */
export interface PageBase {
  readonly page: string;
  readonly base: Votes;
}

/** An import's answer; undefined when it is not well formed. */
export function parseImportAnswer(value: unknown): ImportAnswer | undefined {
  if (!isObject(value)) return undefined;
  const { lines, pages, votes, audit } = value;
  if (typeof lines !== "number" || typeof pages !== "number") return undefined;
  if (typeof votes !== "number" || typeof audit !== "number") return undefined;
  return { lines, pages, votes, audit };
}

/** A page's base count; undefined when it is not well formed. */
export function parsePageBase(value: unknown): PageBase | undefined {
  if (!isObject(value) || typeof value.page !== "string") return undefined;
  const base = parseVotes(value.base);
  return base === undefined ? undefined : { page: value.page, base };
}
