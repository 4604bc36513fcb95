/** The typed call of restore-page.lua. */
import { randomBytes } from "node:crypto";
import { MAX_REACTIONS } from "../contract/reactions.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";
import { Script } from "./script.ts";

/** What an import knows of a page before its records come. */
export interface PagePlan {
  /** How many records there will be; room is made for them. */
  readonly records: number;
  /** Base counts by index of the reaction; undefined: the page keeps those that it has. */
  readonly base: readonly number[] | undefined;
}

const RESTORE = new Script("restore-page.lua");

/** tally.lua keeps the same mean. */
const RECORDS_A_BUCKET = 56;

/** Full buckets that a call splits: about a millisecond. */
const SPLITS_A_CALL_MAX = 50;

/** Makes room for a page's records and sets its base count. May be repeated: the same again changes nothing. */
export async function restorePage(
  redis: RedisConnection,
  site: string,
  page: string,
  { records, base }: PagePlan,
): Promise<void> {
  const keys = pageKeys(site, page);
  const wanted = Math.ceil(records / RECORDS_A_BUCKET);
  const bases =
    base === undefined ? [] : Array.from({ length: MAX_REACTIONS }, (_, index) => String(base[index] ?? 0));
  for (let buckets = 0; buckets < wanted || buckets === 0; ) {
    const epoch = randomBytes(6).toString("base64url");
    const reply = await RESTORE.run(
      redis,
      keys.hash,
      String(wanted),
      String(SPLITS_A_CALL_MAX),
      epoch,
      keys.digested ? page : "",
      ...bases,
    );
    if (typeof reply !== "number" || reply < 1) throw new Error("restore-page.lua answered out of shape");
    buckets = reply;
  }
}
