/** A page that the publisher registered: only such pages have a title, and only such pages are ever listed. */

/** Longest title, in characters as a reader counts them (Unicode code points). */
export const TITLE_LENGTH_MAX = 300;

/** Longest address, in UTF-16 units. */
export const URL_LENGTH_MAX = 2_048;

/** Most pages in one request. */
export const REGISTERED_A_REQUEST_MAX = 1_000;

export interface RegisteredPage {
  readonly page: string;
  /** Plain text; never HTML. */
  readonly title: string;
  /** http or https. */
  readonly url: string;
  /** When the article appeared, Unix ms. */
  readonly published?: number | undefined;
}

/** Controls, line separators, and marks that would turn the direction of everything after them. */
const NOT_IN_A_TITLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Whether `value` can be the title of a page: 1 to 300 characters, not all of them blank. */
export function isPageTitle(value: unknown): value is string {
  if (typeof value !== "string" || value.length > 2 * TITLE_LENGTH_MAX || value.trim() === "") return false;
  return !NOT_IN_A_TITLE.test(value) && [...value].length <= TITLE_LENGTH_MAX;
}

/** Whether `value` is an address that a link may lead to: absolute, http or https, without a name and password in it. */
export function isPageUrl(value: unknown): value is string {
  if (
    typeof value !== "string" ||
    value.length > URL_LENGTH_MAX ||
    !/^https?:\/\/[^\s\p{Cc}]+$/iu.test(value)
  )
    return false;
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
}
