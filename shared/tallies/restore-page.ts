/** The typed call of restore-page.lua. */
import { randomBytes } from "node:crypto";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { addToSite } from "./add-to-site.ts";
import { toMinuteChanges } from "./minute-change.ts";
import { pageKeys } from "./page-keys.ts";

/** What an import knows of a page before its records come. */
export interface PagePlan {
  /** How many records there will be; room is made for them. */
  readonly records: number;
  /** Base counts by index of the reaction; undefined: the page keeps those that it has. */
  readonly base?: readonly number[] | undefined;
  /** Spans in which it was frozen, as frozen.lua keeps them. */
  readonly frozen?: string | undefined;
  /** When it was hidden or shown, as set-state.lua keeps it. */
  readonly hidden?: number | undefined;
  /** Since when it is closed, ms: then its base count holds what its records did. */
  readonly closed?: number | undefined;
  /** Takes the base count away, that of a closed page too. */
  readonly removes?: true | undefined;
}

const RESTORE = new Script(import.meta.url, "restore-page.lua");

/** tally.lua keeps the same mean. */
const RECORDS_A_BUCKET = 50;

/** Full buckets that a call splits: about a millisecond. */
const SPLITS_A_CALL_MAX = 50;

/**
 * Makes room for a page's records and sets its base count and state. May be repeated: the same again changes nothing.
 * @returns whether somebody has to put the page on the list of known pages
 */
export async function restorePage(
  redis: RedisConnection,
  site: string,
  page: string,
  { records, base, frozen = "", hidden = 0, closed, removes }: PagePlan,
): Promise<{ readonly unlisted: boolean }> {
  const keys = pageKeys(site, page);
  const wanted = Math.ceil(records / RECORDS_A_BUCKET);
  const bases =
    base === undefined ? [] : Array.from({ length: MAX_REACTIONS }, (_, index) => String(base[index] ?? 0));
  const epoch = randomBytes(6).toString("base64url");
  const given = [epoch, keys.digested ? page : "", frozen, hidden === 0 ? "" : String(hidden)];
  const closing = removes ? "remove" : String(closed ?? "");
  for (;;) {
    const reply = await RESTORE.run(
      redis,
      keys.hash,
      String(wanted),
      String(SPLITS_A_CALL_MAX),
      ...given,
      closing,
      ...bases,
    );
    if (!Array.isArray(reply)) throw new Error("restore-page.lua answered out of shape");
    const [buckets = 0, unlisted = 0, ...changes] = reply.map(Number);
    await addToSite(redis, site, toMinuteChanges(changes));
    if (buckets >= wanted) return { unlisted: unlisted === 1 };
  }
}
