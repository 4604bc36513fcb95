import type { Request } from "express";
import { queryOf } from "./query-of.ts";
import { parsePagesQuery } from "./schemas.ts";

/**
 * The pages that a request's query names.
 * @throws Refusal `pages_invalid`, `too_many_pages` or `page_invalid`
 */
export function pagesOf(request: Request): readonly string[] {
  return parsePagesQuery(queryOf(request).getAll("page"));
}
