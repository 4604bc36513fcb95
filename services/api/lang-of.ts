import type { Request } from "express";
import { queryOf } from "./query-of.ts";

/** Enough of BCP 47 to be one safe word. */
const LANGUAGE = /^[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8}){0,4}$/;

/** Whether this can be a language tag. */
export function isLanguage(value: unknown): value is string {
  return typeof value === "string" && LANGUAGE.test(value);
}

/** The language that a picture is asked for in: `?lang=`; undefined without one, or where it means nothing. */
export function langOf(request: Request): string | undefined {
  const lang = queryOf(request).get("lang");
  return isLanguage(lang) ? lang : undefined;
}
