import type { Request } from "express";
import { Refusal } from "../../shared/contract/problems.ts";

/** From the first question mark on, unless it is part of a fragment. */
const QUERY = /^[^?#]*\?([^#]*)/;

/** The query of a request's address, with repeats. Not every address that arrives is a URL, but each has text. */
export function queryOf(request: Request): URLSearchParams {
  return new URLSearchParams(QUERY.exec(request.originalUrl)?.[1] ?? "");
}

/**
 * A whole number in a query; `otherwise` when it is not there.
 * @throws Refusal `query_invalid`
 */
export function numberIn(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const value = query.get(name);
  if (value === null) return otherwise;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > most)
    throw new Refusal("query_invalid", `Expected ${name} to be a whole number from 1 to ${most}.`);
  return number;
}
