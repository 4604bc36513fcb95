/**
 * Who looks: a moderator's token and the site that it is for. The token lives in this tab's session storage and travels in a
 * header or a handshake only: never in an address, which logs and histories keep.
 */
import { signal } from "@preact/signals";
import { Moderation } from "../../shared/client/moderation.ts";
import { Newsroom } from "../../shared/client/newsroom.ts";
import { ServiceError } from "../../shared/client/service-error.ts";
import { isSiteId } from "../../shared/contract/site-id.ts";
import { forThisTab, keep, kept } from "./keep.ts";
import { loadSiteLabels } from "./site-labels.ts";

export interface Session {
  readonly site: string;
  readonly token: string;
  readonly moderation: Moderation;
  readonly newsroom: Newsroom;
}

const current = signal<Session | undefined>(restore());
const farewell = signal<"token_invalid" | undefined>(undefined);

/** Undefined: nobody is signed in. */
export function session(): Session | undefined {
  return current.value;
}

/** Why the last session ended by itself; undefined when it did not. */
export function whySignedOut(): "token_invalid" | undefined {
  return farewell.value;
}

/** The site that the sign-in proposes: the last one, or what the address asks for with `?site=`. */
export function proposedSite(): string {
  const asked = new URLSearchParams(location.search).get("site");
  const proposed = asked ?? kept(forThisTab, "site");
  return isSiteId(proposed) ? proposed : "default";
}

/**
 * Checks the token with the service, and keeps it for this tab.
 * @throws ServiceError `token_invalid`, `scope_missing`, `site_unknown`, `unreachable`, …
 */
export async function signIn(site: string, token: string): Promise<void> {
  if (!isSiteId(site)) throw new ServiceError("site_unknown", "No such site", 404, false);
  // What no header may hold is no token.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new ServiceError("token_invalid", "No such token", 401, false);
  const opened = open(site, token);
  await opened.moderation.audit({ limit: 1 });
  keep(forThisTab, "token", token);
  keep(forThisTab, "site", site);
  farewell.value = undefined;
  current.value = opened;
}

/** Forgets the token. @param why shown at the door when nobody asked for it */
export function signOut(why?: "token_invalid"): void {
  keep(forThisTab, "token", null);
  farewell.value = why;
  current.value = undefined;
}

function restore(): Session | undefined {
  const token = kept(forThisTab, "token");
  const site = kept(forThisTab, "site");
  return token !== null && isSiteId(site) ? open(site, token) : undefined;
}

function open(site: string, token: string): Session {
  void loadSiteLabels(site);
  const options = { endpoint: location.origin, site, token };
  return { site, token, moderation: new Moderation(options), newsroom: new Newsroom(options) };
}
