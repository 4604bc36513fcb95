/** Moderators' orders, the audit, and what leads to an order: sources and suspects. */
import { setTimeout as pause } from "node:timers/promises";
import { type Request, Router } from "express";
import { isPageId } from "../../shared/contract/page-id.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import { findSuspects } from "../../shared/live/find-suspects.ts";
import { type AuditPlace, readAudit } from "../../shared/moderation/audit.ts";
import { fromOrderJob } from "../../shared/moderation/order-job.ts";
import type { AddressOf } from "../../shared/runtime/address-of.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { identifyReader } from "../../shared/votes/identify-voter.ts";
import { bearerOf } from "./bearer.ts";
import { forgetVoter, giveOrder, type OrderDesk, undoOrder } from "./give-order.ts";
import { listSources } from "./list-sources.ts";
import { NetworkLimit } from "./network-limit.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { viewAuditLine, viewOrder } from "./order-view.ts";
import { preferredWait_s } from "./prefer.ts";
import { readJsonBody } from "./read-body.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

export interface OrderRouteParts extends OrderDesk {
  readonly requireScope: RequireScope;
  readonly addressOf: AddressOf;
  /** Voters who leave, by network; undefined when limits are off. */
  readonly limits: boolean;
}

/** Lines or orders in one answer. */
const LIMIT_MAX = 1_000;
const LIMIT = 100;

/** Who follows the audit is told within this. */
const FOLLOW_PAUSE_MS = 250;
const FOLLOWERS_MAX = 100;

/** Voters of one network who may leave in a minute: each is a walk over all pages. */
const FORGETS_A_MINUTE_MAX = 20;

/** Lists of sources that a process makes at a time: each walks over a page's records twice. */
const SOURCES_MAX = 4;

const ORDER_ID = /^[A-Za-z0-9_-]{1,64}$/;
const LINE_ID = /^\d{1,15}(?:-\d{1,15})?$/;

export function orderRoutes(parts: OrderRouteParts): Router {
  const { desk, redis, orders, requireScope, addressOf, limits } = parts;
  const router = Router();
  const site = (request: Request): Site => siteNamed(desk.sites, String(request.params.site));
  const forgets = limits ? new NetworkLimit("forget_too_fast", "forgets", FORGETS_A_MINUTE_MAX) : undefined;
  let followers = 0;
  let listing = 0;

  router.post("/v1/sites/:site/orders", async (request, response) => {
    const at = site(request);
    const { name } = await requireScope(request, "moderate", at);
    const id = await orUnavailable(giveOrder(parts, at, await readJsonBody(request), name));
    response.set("cache-control", "no-store").status(202).json({ id });
  });

  router.get("/v1/sites/:site/orders", async (request, response) => {
    const at = site(request);
    await requireScope(request, "read", at);
    const ids = await orUnavailable(orders.newest(at.id, Math.min(limitOf(request), LIMIT)));
    const looked = await orUnavailable(Promise.all(ids.map((id) => orders.look(id))));
    const known = looked.flatMap((found, index) =>
      found === undefined ? [] : [viewOrder(at, ids[index] ?? "", found.job, found.state)],
    );
    response.set("cache-control", "no-store").json({ orders: known });
  });

  router.get("/v1/sites/:site/orders/:id", async (request, response) => {
    const at = site(request);
    await requireScope(request, "read", at);
    const { id } = request.params;
    const found = ORDER_ID.test(id) ? await orUnavailable(orders.look(id)) : undefined;
    if (found === undefined || fromOrderJob(found.job.data).site !== at.id)
      throw new Refusal("order_not_found");
    response.set("cache-control", "no-store").json(viewOrder(at, id, found.job, found.state));
  });

  router.post("/v1/sites/:site/orders/:id/undo", async (request, response) => {
    const at = site(request);
    const { name } = await requireScope(request, "moderate", at);
    if (!ORDER_ID.test(request.params.id)) throw new Refusal("order_not_found");
    const id = await orUnavailable(undoOrder(parts, at, request.params.id, name));
    response.set("cache-control", "no-store").status(202).json({ id });
  });

  router.get("/v1/sites/:site/audit", async (request, response) => {
    const at = site(request);
    await requireScope(request, "read", at);
    const place = {
      after: lineOf(request, "after"),
      before: lineOf(request, "before"),
      limit: limitOf(request),
    };
    const wait_s = preferredWait_s(request.headers.prefer) ?? 0;
    const lines = await follow(at, place, wait_s, request);
    const entries = lines.map((line) => viewAuditLine(at, line)).filter((entry) => entry !== undefined);
    response.set("cache-control", "no-store").json({ entries });
  });

  /** Waits for the first line after `after`, if asked to. */
  async function follow(at: Site, place: AuditPlace, wait_s: number, request: Request) {
    const until_ms = performance.now() + wait_s * 1_000;
    const read = () => orUnavailable(readAudit(redis, at.id, place));
    let lines = await read();
    if (lines.length > 0 || place.after === undefined || followers >= FOLLOWERS_MAX) return lines;
    followers++;
    try {
      while (lines.length === 0 && performance.now() < until_ms && !request.socket.destroyed) {
        await pause(FOLLOW_PAUSE_MS);
        lines = await read();
      }
    } finally {
      followers--;
    }
    return lines;
  }

  router.get("/v1/sites/:site/sources", async (request, response) => {
    const at = site(request);
    await requireScope(request, "read", at);
    const { page } = request.query;
    if (!isPageId(page)) throw new Refusal("page_invalid");
    if (listing >= SOURCES_MAX)
      throw new Refusal("overloaded", "Other lists of sources are being made; ask again later.", 5);
    listing++;
    try {
      response.set("cache-control", "no-store").json(await orUnavailable(listSources(redis, at, page)));
    } finally {
      listing--;
    }
  });

  router.get("/v1/sites/:site/suspects", async (request, response) => {
    const at = site(request);
    await requireScope(request, "read", at);
    const suspects = await orUnavailable(findSuspects(redis, at, desk.now_ms()));
    response.set("cache-control", "no-store").json({ suspects });
  });

  router.delete("/v1/sites/:site/voters/self", async (request, response) => {
    const at = site(request);
    const token = bearerOf(request.headers.authorization);
    if (token === undefined) throw new Refusal("voter_missing");
    const voter = await identifyReader(desk, at, token, addressOf(request));
    await forgets?.take(addressOf(request));
    await orUnavailable(forgetVoter(parts, at, voter.handle));
    response.set("cache-control", "no-store").status(202).json({});
  });

  return router;
}

/** @throws Refusal `query_invalid` */
function limitOf(request: Request): number {
  const { limit } = request.query;
  if (limit === undefined) return LIMIT;
  const number = /^\d{1,6}$/.test(String(limit)) ? Number(limit) : 0;
  if (number < 1 || number > LIMIT_MAX)
    throw new Refusal("query_invalid", `limit is a number from 1 to ${LIMIT_MAX}.`);
  return number;
}

/** @throws Refusal `query_invalid` */
function lineOf(request: Request, name: "after" | "before"): string | undefined {
  const value = request.query[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !LINE_ID.test(value)) {
    throw new Refusal("query_invalid", `${name} is the id of a line of the audit.`);
  }
  return value;
}
