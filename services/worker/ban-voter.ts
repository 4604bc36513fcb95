/** Bans a voter: the votes go, and those that follow. */
import { UNDO_MS_MAX } from "../../shared/contract/orders.ts";
import { STAMP_MS_MAX } from "../../shared/contract/stamp.ts";
import { BANS_AGE_MS_MAX, setBan } from "../../shared/moderation/bans.ts";
import type { StoredResult } from "../../shared/moderation/order-job.ts";
import { leaveRule, removeRule } from "../../shared/moderation/standing-rules.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { GivenOrder } from "./given-order.ts";
import type { OrderTally } from "./order-tally.ts";
import { takeEverywhere } from "./take-from-pages.ts";

/**
 * How long after a ban was carried out a process may still take votes of the banned voter: until its copy of the list is too
 * old to take votes with, and then some.
 */
const BAN_MEETS_MS = 2 * BANS_AGE_MS_MAX;

/** May be repeated. Resolves to what it did. */
export async function banVoter(
  redis: RedisConnection,
  order: GivenOrder,
  tally: OrderTally,
): Promise<StoredResult> {
  const { id, site, at, page, voter = "", dryRun } = order;
  const keptUntil = at + UNDO_MS_MAX;
  const filter = { since: 0, until: STAMP_MS_MAX };
  if (dryRun !== true) {
    const { holds, before } = await setBan(redis, site, voter, at, id);
    // An unban that was given later has been carried out already.
    if (!holds) return tally.result();
    if (before !== undefined && before !== id) await removeRule(redis, site, before);
    const now_ms = await redisNow_ms(redis);
    await leaveRule(
      redis,
      site,
      { order: id, mode: "take", page, voter, ...filter, keptUntil },
      now_ms + BAN_MEETS_MS,
    );
  }
  const mode = dryRun === true ? "dry" : "take";
  return await takeEverywhere(redis, order, { order: id, mode, filter, voter, keptUntil }, tally);
}

async function redisNow_ms(redis: RedisConnection): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
}
