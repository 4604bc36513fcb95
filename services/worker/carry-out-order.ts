/** Carries out one order. Every step may be repeated: after a crash the order goes on where it was saved last. */
import { UNDO_MS_MAX } from "../../shared/contract/orders.ts";
import { STAMP_MS_MAX } from "../../shared/contract/stamp.ts";
import { liftBan } from "../../shared/moderation/bans.ts";
import type { StoredResult } from "../../shared/moderation/order-job.ts";
import { leaveRule, removeRule } from "../../shared/moderation/standing-rules.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { listPages } from "../../shared/tallies/known-pages.ts";
import { setPageState } from "../../shared/tallies/set-page-state.ts";
import { banVoter } from "./ban-voter.ts";
import type { GivenOrder } from "./given-order.ts";
import { moveVotes } from "./move-votes.ts";
import type { OrderTally } from "./order-tally.ts";
import { recountPages } from "./recount-pages.ts";
import { type SiteTaking, takeEverywhere, takeFromPage } from "./take-from-pages.ts";
import { undoOrder } from "./undo-order.ts";

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
      return await banVoter(redis, order, tally);
    case "move":
      return await moveVotes(redis, order, tally);
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
  const filter = { since: at + 1, until: STAMP_MS_MAX };
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
