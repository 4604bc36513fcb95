/** Carries out one order. Every step may be repeated: after a crash the order goes on where it was saved last. */
import { UNDO_MS_MAX } from "../../shared/contract/orders.ts";
import { STAMP_MS_END } from "../../shared/contract/stamp.ts";
import { BANS_AGE_MS_MAX, liftBan, setBan } from "../../shared/moderation/bans.ts";
import type { StoredOrder, StoredResult } from "../../shared/moderation/order-job.ts";
import { leaveRule, removeRule } from "../../shared/moderation/standing-rules.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { listPages } from "../../shared/tallies/known-pages.ts";
import { setPageState } from "../../shared/tallies/set-page-state.ts";
import type { OrderTally } from "./order-tally.ts";
import { recountPages } from "./recount-pages.ts";
import { type SiteTaking, takeFromPage, takeFromSite } from "./take-from-pages.ts";
import { undoOrder } from "./undo-order.ts";

/** No stamp is later. */
const ALWAYS_MS = STAMP_MS_END - 1;

/**
 * How long after a ban was carried out a process may still take votes of the banned voter: until its copy of the list is too
 * old to take votes with, and then some.
 */
const BAN_MEETS_MS = 2 * BANS_AGE_MS_MAX;

/** An order and its id. */
export interface GivenOrder extends StoredOrder {
  readonly id: string;
}

/** Resolves to what it did. @throws whatever Redis said: then it may be tried again */
export async function carryOutOrder(
  redis: RedisConnection,
  order: GivenOrder,
  tally: OrderTally,
): Promise<StoredResult> {
  switch (order.order) {
    case "freeze":
    case "reopen":
    case "hide":
    case "show":
      return await setState(redis, order, order.order, tally);
    case "reset":
    case "purge":
    case "forget":
      return await take(redis, order, tally);
    case "ban":
      return await ban(redis, order, tally);
    case "release":
    case "discard":
      return await judgeHeld(redis, order, tally);
    case "unban":
      return await unban(redis, order, tally);
    case "recount":
      return await recountPages(redis, order, tally);
    case "undo":
      return await undo(redis, order, tally);
  }
}

async function setState(
  redis: RedisConnection,
  order: GivenOrder,
  state: "freeze" | "reopen" | "hide" | "show",
  tally: OrderTally,
): Promise<StoredResult> {
  const { site, at, page = "" } = order;
  const { unlisted, frozenSince } = await setPageState(redis, site, page, state, at);
  if (unlisted) await listPages(redis, site, [page]);
  if (state !== "freeze" || frozenSince !== at) return tally.result();
  // Votes that were cast after the order and tallied before it was carried out do not count either.
  const filter = { since: at + 1, until: ALWAYS_MS };
  const taking: SiteTaking = { order: order.id, mode: "take", filter, voter: undefined, keptUntil: 0 };
  const totals = await takeFromPage(redis, site, page, taking, tally);
  return { ...tally.result(), ...totals };
}

async function take(redis: RedisConnection, order: GivenOrder, tally: OrderTally): Promise<StoredResult> {
  const { site, at, since = 0, until = at, reaction, source, dryRun, voter } = order;
  const filter = { since, until: Math.min(until, at), reaction, source };
  const keptUntil = order.order === "forget" ? 0 : at + UNDO_MS_MAX;
  const mode = order.order === "purge" ? "take" : "drop";
  if (dryRun !== true) {
    await leaveRule(
      redis,
      site,
      { order: order.id, mode, page: order.page, voter, ...filter, keptUntil },
      at,
    );
  }
  return await takeEverywhere(
    redis,
    order,
    { order: order.id, mode: dryRun === true ? "dry" : mode, filter, voter, keptUntil },
    tally,
  );
}

/** Held votes that come late are judged like any other: such an order leaves no rule. */
async function judgeHeld(
  redis: RedisConnection,
  order: GivenOrder,
  tally: OrderTally,
): Promise<StoredResult> {
  const { id, at, since = 0, until = at, reaction, source, dryRun, voter } = order;
  const mode = dryRun === true ? "dry" : order.order === "release" ? "release" : "take";
  const filter = { since, until: Math.min(until, at), reaction, source };
  const keptUntil = at + UNDO_MS_MAX;
  return await takeEverywhere(
    redis,
    order,
    { order: id, mode, onlyHeld: true, filter, voter, keptUntil },
    tally,
  );
}

async function takeEverywhere(
  redis: RedisConnection,
  { site, page }: GivenOrder,
  taking: SiteTaking,
  tally: OrderTally,
): Promise<StoredResult> {
  if (page === undefined) {
    await takeFromSite(redis, site, taking, tally);
    return tally.result();
  }
  const totals = await takeFromPage(redis, site, page, taking, tally);
  return { ...tally.result(), ...(taking.mode === "dry" ? {} : totals) };
}

async function ban(redis: RedisConnection, order: GivenOrder, tally: OrderTally): Promise<StoredResult> {
  const { id, site, at, page, voter = "", dryRun } = order;
  const keptUntil = at + UNDO_MS_MAX;
  const filter = { since: 0, until: ALWAYS_MS };
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

async function unban(
  redis: RedisConnection,
  { site, at, voter = "" }: GivenOrder,
  tally: OrderTally,
): Promise<StoredResult> {
  const { holds, before } = await liftBan(redis, site, voter, at);
  if (holds && before !== undefined) await removeRule(redis, site, before);
  return tally.result();
}

async function undo(redis: RedisConnection, order: GivenOrder, tally: OrderTally): Promise<StoredResult> {
  const { site, page, of = "", undoes } = order;
  // Another ban that was given since stays.
  if (undoes === "ban") await liftBan(redis, site, order.voter ?? "", order.at, of);
  const totals = await undoOrder(redis, { site, page, order: of, undoes }, tally);
  return { ...tally.result(), ...totals };
}

async function redisNow_ms(redis: RedisConnection): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
}
