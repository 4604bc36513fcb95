/** The OpenAPI description of webhooks. */
import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { ALERT_KINDS } from "../../shared/contract/alerts.ts";
import { THRESHOLDS_MAX, WEBHOOK_FORMATS } from "../../shared/contract/webhooks.ts";
import { json, problems, SITE } from "./openapi-parts.ts";

const MODERATOR = [{ moderator: [] }];

const RequestBody = z
  .object({
    url: z.string().openapi({ format: "uri", example: "https://chat.example/hook" }),
    format: z.enum(WEBHOOK_FORMATS).optional(),
    kinds: z.array(z.enum(ALERT_KINDS)).optional().openapi({ description: "All unless said otherwise." }),
    thresholds: z
      .array(
        z.object({
          reaction: z.string(),
          votes: z.int().min(1).max(1_000_000_000),
          minutes: z.int().min(1).max(180),
        }),
      )
      .max(THRESHOLDS_MAX)
      .optional()
      .openapi({ description: "Told to this webhook alone when a page gains so many votes in so long." }),
  })
  .openapi("WebhookRequest");

const WebhookBody = RequestBody.extend({
  name: z.string(),
  at: z.int(),
  parkedAt: z.int().optional().openapi({ description: "Nothing is sent since then; save it anew." }),
}).openapi("Webhook");

const SavedBody = WebhookBody.extend({
  secret: z.string().optional().openapi({ description: "Signs what is sent. Shown only when it is new." }),
});

const DeliveryBody = z
  .object({
    id: z.string(),
    at: z.int(),
    webhook: z.string(),
    message: z.string().openapi({ description: "The header webhook-id, the same in all tries." }),
    kind: z.enum(ALERT_KINDS),
    page: z.string(),
    attempt: z.int(),
    outcome: z.enum(["delivered", "failed", "given-up"]),
    status: z.int().optional(),
    reason: z.string().optional(),
  })
  .openapi("Delivery");

const NAMED = SITE.extend({ name: z.string().openapi({ example: "newsroom" }) });

export function describeWebhooks(registry: OpenAPIRegistry): void {
  const common = { tags: ["Moderators"], security: MODERATOR };
  registry.registerPath({
    ...common,
    method: "put",
    path: "/v1/sites/{site}/webhooks/{name}",
    summary: "Make or change a webhook that is sent a site's alerts",
    description:
      "Sent as POST, signed after Standard Webhooks (headers webhook-id, webhook-timestamp, webhook-signature). What fails is " +
      "tried again after growing pauses; after an hour of failures the webhook is parked.",
    request: {
      params: NAMED,
      body: { required: true, content: { "application/json": { schema: RequestBody } } },
    },
    responses: {
      200: json("Changed; it keeps its secret.", SavedBody),
      201: json("Made.", SavedBody),
      ...problems(400, 401, 403, 404, 408, 413, 415, 429, 503),
    },
  });
  registry.registerPath({
    ...common,
    method: "post",
    path: "/v1/sites/{site}/webhooks/{name}/secret",
    summary: "Give a webhook a new secret",
    description:
      "For a day what is sent carries two signatures, of the new secret and of the one before, so that a receiver with either " +
      "takes it. A webhook that was parked sends again.",
    request: { params: NAMED },
    responses: {
      200: json("With the new secret, which is not shown again.", SavedBody),
      ...problems(400, 401, 403, 404, 429, 503),
    },
  });
  registry.registerPath({
    ...common,
    method: "delete",
    path: "/v1/sites/{site}/webhooks/{name}",
    summary: "Remove a webhook",
    request: { params: NAMED },
    responses: { 204: { description: "Removed." }, ...problems(400, 401, 403, 404, 429, 503) },
  });
  registry.registerPath({
    ...common,
    method: "get",
    path: "/v1/sites/{site}/webhooks",
    summary: "List webhooks",
    request: { params: SITE },
    responses: {
      200: json("By name, without secrets.", z.object({ webhooks: z.array(WebhookBody) })),
      ...problems(401, 403, 404, 429, 503),
    },
  });
  registry.registerPath({
    ...common,
    method: "get",
    path: "/v1/sites/{site}/webhooks/deliveries",
    summary: "What was sent, and what came of it",
    request: { params: SITE, query: z.object({ limit: z.int().min(1).max(1_000).optional() }) },
    responses: {
      200: json("The newest tries first.", z.object({ deliveries: z.array(DeliveryBody) })),
      ...problems(400, 401, 403, 404, 429, 503),
    },
  });
}
