/** Moves the votes of an anonymous reader who signed in to the account. Every step may be repeated. */
import { writeAuditOnce } from "../../shared/moderation/audit.ts";
import { isBanned } from "../../shared/moderation/bans.ts";
import type { StoredResult } from "../../shared/moderation/order-job.ts";
import { leaveMove } from "../../shared/moderation/standing-moves.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { banVoter } from "./ban-voter.ts";
import { enforceRules } from "./enforce-rules.ts";
import type { GivenOrder } from "./given-order.ts";
import { moveOnPage } from "./move-on-page.ts";
import { OrderTally } from "./order-tally.ts";
import { walkPages } from "./walk-pages.ts";

/**
 * A vote that was on its way when the reader signed in, and one from a tab that does not know it yet, are the account's too:
 * those stamped until so long after the order, ms.
 */
const GRACE_MS = 60_000;

/** Resolves once every vote has moved; the result names none of them. */
export async function moveVotes(
  redis: RedisConnection,
  order: GivenOrder,
  tally: OrderTally,
): Promise<StoredResult> {
  const { id, site, at, voter: from = "", to = "", pages } = order;
  const move = { order: id, from, to, pages, until: at + GRACE_MS };
  if (await isBanned(redis, site, from)) await banToo(redis, order);
  // Left first, so that a vote that is written after its page was looked at follows by itself.
  await leaveMove(redis, site, move);
  const all = async (some: readonly string[]): Promise<void> => {
    const arrived = await Promise.all(some.map((page) => moveOnPage(redis, site, page, move)));
    // What moderators ordered about a vote is true of it wherever it goes.
    await enforceRules(
      redis,
      site,
      arrived.filter((vote) => vote !== undefined),
    );
  };
  if (pages === undefined) await walkPages(redis, site, tally, all);
  else await all(pages);
  return tally.result();
}

/** Whoever is banned stays so. An account that a reader brings to a banned token is that reader's. */
async function banToo(redis: RedisConnection, { id, site, at, by, to }: GivenOrder): Promise<void> {
  const order = { id, version: 1, site, order: "ban", at, by, voter: to } as const;
  const result = await banVoter(redis, order, new OrderTally(undefined, async () => {}));
  const reason = "A banned reader signed in with this account.";
  await writeAuditOnce(redis, site, `${id}-ban`, {
    order: "ban",
    voter: to,
    orderId: id,
    who: by,
    what: "done",
    reason,
    result,
  });
}
