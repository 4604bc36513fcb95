/** A site's webhooks: saved and removed with scope `admin`, listed with scope `read`, with the log of deliveries. */
import { type Request, Router } from "express";
import { Refusal } from "../../shared/contract/problems.ts";
import { isWebhookName, parseWebhookRequest } from "../../shared/contract/webhooks.ts";
import {
  readDeliveries,
  removeWebhook,
  replaceSecret,
  saveWebhook,
  storedWebhooks,
  withoutSecrets,
} from "../../shared/live/webhook-store.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { numberIn, queryOf } from "./query-of.ts";
import { readJsonBody } from "./read-body.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

export interface WebhookRouteParts {
  readonly desk: VoteDesk;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly requireScope: RequireScope;
}

export function webhookRoutes({ desk, redis, requireScope }: WebhookRouteParts): Router {
  const router = Router();
  const site = (request: Request): Site => siteNamed(desk.sites, String(request.params.site));

  router.get("/v1/sites/:site/webhooks", async (request, response) => {
    const at = site(request);
    await requireScope(request, "read", at);
    const stored = await orUnavailable(storedWebhooks(redis, at.id));
    const webhooks = stored.map(withoutSecrets);
    response.set("cache-control", "no-store").json({ webhooks });
  });

  router.get("/v1/sites/:site/webhooks/deliveries", async (request, response) => {
    const at = site(request);
    await requireScope(request, "read", at);
    const limit = numberIn(queryOf(request), "limit", 100, 1_000);
    const deliveries = await orUnavailable(readDeliveries(redis, at.id, limit));
    response.set("cache-control", "no-store").json({ deliveries });
  });

  router.put("/v1/sites/:site/webhooks/:name", async (request, response) => {
    const at = site(request);
    await requireScope(request, "admin", at);
    const name = nameOf(request);
    const asked = parseWebhookRequest(await readJsonBody(request));
    const foreign = asked.thresholds.find(({ reaction }) => !at.reactions.includes(reaction));
    if (foreign !== undefined) {
      throw new Refusal("webhook_invalid", `thresholds: this site takes ${at.reactions.join(", ")}.`);
    }
    if (!desk.ready()) throw new Refusal("unavailable", "Redis has not answered yet.");
    const saved = await orUnavailable(saveWebhook(redis, at.id, name, asked, desk.now_ms()));
    response
      .set("cache-control", "no-store")
      .status(saved.secret === undefined ? 200 : 201)
      .json(saved);
  });

  router.post("/v1/sites/:site/webhooks/:name/secret", async (request, response) => {
    const at = site(request);
    await requireScope(request, "admin", at);
    const name = nameOf(request);
    if (!desk.ready()) throw new Refusal("unavailable", "Redis has not answered yet.");
    const saved = await orUnavailable(replaceSecret(redis, at.id, name, desk.now_ms()));
    response.set("cache-control", "no-store").json(saved);
  });

  router.delete("/v1/sites/:site/webhooks/:name", async (request, response) => {
    const at = site(request);
    await requireScope(request, "admin", at);
    await orUnavailable(removeWebhook(redis, at.id, nameOf(request)));
    response.status(204).end();
  });

  return router;
}

/** @throws Refusal `webhook_invalid` */
function nameOf(request: Request): string {
  const { name } = request.params;
  if (isWebhookName(name)) return name;
  throw new Refusal(
    "webhook_invalid",
    "A name is lower-case letters, digits and hyphens, at most 32, and not deliveries.",
  );
}
