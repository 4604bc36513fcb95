/** The typed call of renew-epoch.lua. */
import { randomBytes } from "node:crypto";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { pageKeys } from "./page-keys.ts";
import type { PageTotals } from "./read-counts.ts";

const RENEW_EPOCH = new Script(import.meta.url, "renew-epoch.lua");

/** What viewers were told. */
export type Told = Pick<PageTotals, "epoch" | "rev">;

/**
 * Gives a page a new epoch because Redis has lost changes that viewers were told of; publishes its counts under it. Resolves
 * to whether it did: not if somebody else has, or if the page is newer than `told` by now.
 */
export async function renewEpoch(
  redis: RedisConnection,
  site: string,
  page: string,
  { epoch, rev }: Told,
): Promise<boolean> {
  const keys = pageKeys(site, page);
  const fresh = randomBytes(6).toString("base64url");
  const id = keys.digested ? page : "";
  return (await RENEW_EPOCH.run(redis, keys.hash, epoch, String(rev), fresh, id)) === 1;
}
