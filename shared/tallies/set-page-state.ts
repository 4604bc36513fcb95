/** The typed call of set-state.lua. */
import { randomBytes } from "node:crypto";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { pageKeys } from "./page-keys.ts";

const SET_STATE = new Script(import.meta.url, "set-state.lua");

export interface PageStateSet {
  /** Whether the page is missing from the list of known pages. */
  readonly unlisted: boolean;
  /** Since when the page is frozen, ms; 0: it is not. */
  readonly frozenSince: number;
  /** Whether it takes no votes any more, whatever is ordered. */
  readonly isClosed: boolean;
}

/**
 * Freezes or reopens, hides or shows a page, or closes it for good. Of two orders the one stamped later holds. May be repeated.
 * @param at the order's stamp, ms
 * @param seen only for `close`: a page that has changed since stays open
 */
export async function setPageState(
  redis: RedisConnection,
  site: string,
  page: string,
  order: "freeze" | "reopen" | "hide" | "show" | "close",
  at: number,
  seen?: { readonly rev: number; readonly records: number },
): Promise<PageStateSet> {
  const keys = pageKeys(site, page);
  const epoch = randomBytes(6).toString("base64url");
  const reply = await SET_STATE.run(
    redis,
    keys.hash,
    order,
    String(at),
    epoch,
    keys.digested ? page : "",
    String(seen?.rev ?? ""),
    String(seen?.records ?? ""),
  );
  if (!Array.isArray(reply)) throw new Error("set-state.lua answered out of shape");
  return { unlisted: Number(reply[0]) === 1, frozenSince: Number(reply[1]), isClosed: Number(reply[2]) > 0 };
}
