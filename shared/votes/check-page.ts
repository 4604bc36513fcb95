/** Whether a page takes a vote: frozen ones take none, and ones without votes only what the site's rule lets open them. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { Refusal } from "../contract/problems.ts";
import type { VoteRequest } from "../contract/votes.ts";
import { isOriginAllowed } from "../runtime/site-origins.ts";
import type { PageRule, Site } from "../runtime/site-settings.ts";
import type { PageState } from "../tallies/page-states.ts";
import type { VoteDesk } from "./vote-desk.ts";

type Desk = Pick<VoteDesk, "pageStates" | "newPages">;

/**
 * A page that has votes costs one look into memory, and nothing to wait for; only the others are held against the rule.
 * @param address network address of the reader
 * @returns a promise when Redis must be asked
 * @throws Refusal `page_frozen`, `page_closed`, `page_refused`, `pages_too_fast` or `unavailable`, at once or by the promise
 */
export function checkPage(
  desk: Desk,
  site: Site,
  request: VoteRequest,
  address: string,
): Promise<void> | undefined {
  const known = desk.pageStates.stateOf(site.id, request.page);
  if (!(known instanceof Promise) && known.begun && !known.frozen && !known.closed) return undefined;
  return checkState(desk, site, request, address, known);
}

async function checkState(
  desk: Desk,
  site: Site,
  request: VoteRequest,
  address: string,
  known: PageState | Promise<PageState>,
): Promise<void> {
  const state = await Promise.resolve(known).catch(() => {
    throw new Refusal("unavailable");
  });
  if (state.closed) throw new Refusal("page_closed");
  if (state.frozen) throw new Refusal("page_frozen");
  if (state.begun) return;
  await checkRule(desk, site, request);
  desk.newPages?.take(site, request.page, address);
}

async function checkRule(desk: Desk, site: Site, { page, signature }: VoteRequest): Promise<void> {
  const rule = site.pages;
  switch (rule.open) {
    case "anyone":
      return;
    case "origin":
      if (!isOfSite(rule.patterns, site.origins, page)) throw new Refusal("page_refused");
      return;
    case "registered": {
      const registered = await desk.pageStates.isRegistered(site.id, page).catch(() => {
        throw new Refusal("unavailable");
      });
      if (!registered) throw new Refusal("page_refused", "The publisher has not registered this page.");
      return;
    }
    case "signed":
      if (!isSigned(rule.keys, page, signature))
        throw new Refusal("page_refused", "This page needs the publisher's signature.");
  }
}

function isOfSite(patterns: readonly string[], origins: Site["origins"], page: string): boolean {
  if (patterns.some((pattern) => fits(pattern, page))) return true;
  if (origins === undefined || !/^https?:\/\//.test(page) || !URL.canParse(page)) return false;
  return isOriginAllowed(origins, new URL(page).origin);
}

/** Whether `text` is `pattern` with each `*` standing for anything. No regular expression, so none can be made to take long. */
export function fits(pattern: string, text: string): boolean {
  const [head = "", ...parts] = pattern.split("*");
  if (!text.startsWith(head)) return false;
  const tail = parts.pop();
  if (tail === undefined) return text === head;
  let at = head.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}

/** The publisher's signature of a page id: HMAC-SHA-256 (RFC 2104) of its UTF-8 bytes, in base64url without padding. */
export function signPage(key: string, page: string): string {
  return createHmac("sha256", key).update(page).digest("base64url");
}

function isSigned(
  keys: Extract<PageRule, { open: "signed" }>["keys"],
  page: string,
  signature: string | undefined,
): boolean {
  if (signature === undefined) return false;
  const given = Buffer.from(signature);
  return keys.some((key) => {
    const right = Buffer.from(signPage(key, page));
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
