/** Takes an order: understands its names, stamps it, writes the audit, stores it for the worker. */
import { randomBytes } from "node:crypto";
import {
  isVoterHandle,
  type OrderRequest,
  parseOrderRequest,
  UNDO_MS_MAX,
} from "../../shared/contract/orders.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import { namesVoter } from "../../shared/contract/voter-token.ts";
import { writeAudit } from "../../shared/moderation/audit.ts";
import { fromOrderJob, type StoredOrder } from "../../shared/moderation/order-job.ts";
import { orderLine } from "../../shared/moderation/order-line.ts";
import type { OrderQueue } from "../../shared/moderation/order-queue.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { identifyVoter } from "../../shared/votes/identify-voter.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { canBeUndone } from "./order-view.ts";

export interface OrderDesk {
  readonly desk: VoteDesk;
  readonly redis: RedisConnection;
  readonly orders: OrderQueue;
}

/**
 * Resolves to the order's id once it is stored.
 * @param body the request's body as JSON, unchecked
 * @param by name of the token
 * @throws Refusal, as `parseOrderRequest` does; `page_closed`; `unavailable`: it may be sent again
 */
export async function giveOrder(parts: OrderDesk, site: Site, body: unknown, by: string): Promise<string> {
  const request = parseOrderRequest(body);
  const { voter, source, reaction, dryRun, ...rest } = request;
  if (rest.order === "reopen" && rest.page !== undefined) {
    const { closed } = await parts.desk.pageStates.stateOf(site.id, rest.page);
    if (closed) throw new Refusal("page_closed");
  }
  return await store(parts, newId(), {
    version: 1,
    site: site.id,
    ...rest,
    at: stamp(parts.desk),
    by,
    voter: await voterOf(parts.desk, site, request),
    source: source === undefined ? undefined : Number.parseInt(source, 16),
    reaction: reactionOf(site, reaction),
    dryRun: dryRun === true ? true : undefined,
  });
}

/** A voter's own order: every record of theirs goes. It is not listed, and forgotten itself once it is done. */
export async function forgetVoter(parts: OrderDesk, site: Site, handle: string): Promise<void> {
  const order = { version: 1, site: site.id, order: "forget", at: stamp(parts.desk), by: "reader" } as const;
  await parts.orders.add(newId(), { ...order, voter: handle });
}

/**
 * The order of a voter who signed in: every vote of the anonymous voter becomes the account's. It is not listed.
 * @param from handle of the anonymous voter
 * @param to handle of the account
 * @param pages the only pages; undefined: all
 */
export async function moveVoter(
  parts: OrderDesk,
  site: Site,
  from: string,
  to: string,
  pages: readonly string[] | undefined,
): Promise<void> {
  const order = { version: 1, site: site.id, order: "move", at: stamp(parts.desk), by: "reader" } as const;
  await parts.orders.add(newId(), { ...order, voter: from, to, pages });
}

/**
 * Orders that an order be undone; resolves to the id of the order that does it.
 * @throws Refusal `order_not_found`, `undo_unfit`, `undo_twice`, `undo_expired` or `order_unfinished`
 */
export async function undoOrder(parts: OrderDesk, site: Site, id: string, by: string): Promise<string> {
  const job = await parts.orders.find(id);
  const stored = job === undefined ? undefined : fromOrderJob(job.data);
  if (job === undefined || stored?.site !== site.id) throw new Refusal("order_not_found");
  if (!canBeUndone(stored)) throw new Refusal("undo_unfit");
  const undoId = `u-${id}`;
  if ((await parts.orders.find(undoId)) !== undefined) throw new Refusal("undo_twice");
  const at = stamp(parts.desk);
  if (at > stored.at + UNDO_MS_MAX) throw new Refusal("undo_expired");
  const state = await job.getState();
  if (state !== "completed" && state !== "failed") throw new Refusal("order_unfinished");
  const { page, voter, order: undoes } = stored;
  return await store(parts, undoId, {
    version: 1,
    site: site.id,
    order: "undo",
    at,
    by,
    page,
    voter,
    of: id,
    undoes,
  });
}

async function store({ redis, orders }: OrderDesk, id: string, order: StoredOrder): Promise<string> {
  await writeAudit(redis, order.site, orderLine(id, order, "asked"));
  await orders.add(id, order);
  return id;
}

/** Begins with a letter: BullMQ takes no numbers as ids, command lines no leading hyphen. */
function newId(): string {
  return `o${randomBytes(9).toString("base64url")}`;
}

function stamp(desk: VoteDesk): number {
  if (!desk.ready()) throw new Refusal("unavailable");
  return desk.now_ms();
}

async function voterOf(desk: VoteDesk, site: Site, { voter }: OrderRequest): Promise<string | undefined> {
  if (voter === undefined || !namesVoter(voter)) return voter;
  return isVoterHandle(voter) ? voter : (await identifyVoter(desk, site, voter)).handle;
}

function reactionOf(site: Site, reaction: string | undefined): number | undefined {
  if (reaction === undefined) return undefined;
  const index = site.reactions.indexOf(reaction);
  if (index === -1) throw new Refusal("reaction_unknown", `This site takes ${site.reactions.join(", ")}.`);
  return index;
}
