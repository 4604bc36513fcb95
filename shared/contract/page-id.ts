/**
 * A page id names one article: the publisher's own id or the canonical URL. 1 to 512 bytes of UTF-8 without control
 * characters. It travels in bodies and queries only, never in a path.
 */

/** Longest page id, in bytes of UTF-8. */
export const PAGE_ID_BYTES_MAX = 512;

/** Most pages one request or one socket may name. */
export const PAGES_MAX = 100;

// C0, DEL, C1 and the two Unicode line separators: none can be part of an id that is ever printed in a log or a terminal.
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** A surrogate without its partner has no UTF-8 form: two different strings would become one key. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

const ASCII_PRINTABLE = /^[\x20-\x7e]+$/;

/** Whether `value` is a well-formed page id. */
export function isPageId(value: unknown): value is string {
  if (typeof value !== "string" || value.length === 0 || value.length > PAGE_ID_BYTES_MAX) return false;
  // Clients keep counts in plain objects by page; this one name would reach the prototype of theirs.
  if (value === "__proto__") return false;
  if (ASCII_PRINTABLE.test(value)) return true;
  return !CONTROL.test(value) && !LONE_SURROGATE.test(value) && utf8Length(value) <= PAGE_ID_BYTES_MAX;
}

function utf8Length(value: string): number {
  return new TextEncoder().encode(value).length;
}
