/** Has forgotten what is of no more use: what orders know of readers, and what Redis's files hold that Redis holds no more. */
import { dropLiftedBans } from "../../shared/moderation/bans.ts";
import { OrderQueue } from "../../shared/moderation/order-queue.ts";
import { dropOldMoves } from "../../shared/moderation/standing-moves.ts";
import { dropOldRules, RULE_MS_MAX } from "../../shared/moderation/standing-rules.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import { rewriteDaily } from "./rewrite-daily.ts";
import { runEvery } from "./run-every.ts";

const FORGETTING_MS = 3_600_000;

/** @param redis a connection of the role `worker` */
export function startForgetting(redis: RedisConnection, sites: Sites, lifecycle: Lifecycle, log: Log): void {
  const orders = new OrderQueue(redis, (error) => log.debug({ reason: error.message }, "orders"));
  lifecycle.onStop("orders of long ago", () => orders.close());
  const look = async (now_ms: number): Promise<void> => {
    for (const site of sites.keys()) await forgetReaders(redis, site, now_ms);
    await orders.dropOld();
    const refused = await rewriteDaily(redis, now_ms);
    if (refused !== undefined)
      log.warn({ reason: refused }, "Redis's append-only file is not written anew every day");
  };
  runEvery(redis, "forgetting", FORGETTING_MS, look, lifecycle, log);
}

/**
 * One look at a site.
 * @param now_ms Redis time
 */
export async function forgetReaders(redis: RedisConnection, site: string, now_ms: number): Promise<void> {
  await dropOldMoves(redis, site, now_ms);
  await dropOldRules(redis, site, now_ms);
  await dropLiftedBans(redis, site, now_ms - RULE_MS_MAX);
}
