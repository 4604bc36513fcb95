/** What an export says of a page before its records. */
import { isPageState, type PageState } from "../contract/counts.ts";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";

export interface PageHead {
  readonly state: PageState;
  readonly records: number;
  /** Base counts by index of the reaction. */
  readonly base: readonly number[];
  /** As frozen.lua keeps it; empty when the page never was frozen. */
  readonly frozen: string;
  /** As set-state.lua keeps it; 0 when the page never was hidden. */
  readonly hidden: number;
  /** Since when it is closed for good, ms; 0: it is not. */
  readonly closed: number;
}

const BASES = Array.from({ length: MAX_REACTIONS }, (_, index) => `b${index}`);

/** The head of a page; that of an empty one for a page that Redis does not know. */
export async function readPageHead(redis: RedisConnection, site: string, page: string): Promise<PageHead> {
  const { hash } = pageKeys(site, page);
  const [state, records, frozen, hidden, closed, ...base] = await redis.hmget(
    hash,
    "state",
    "records",
    "frozen",
    "hidden",
    "closed",
    ...BASES,
  );
  return {
    state: isPageState(state) ? state : "open",
    records: Number(records ?? 0),
    base: base.map(Number),
    frozen: frozen ?? "",
    hidden: Number(hidden ?? 0),
    closed: Number(closed ?? 0),
  };
}
