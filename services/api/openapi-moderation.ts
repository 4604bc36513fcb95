/** The OpenAPI description of orders, audit and tokens. */
import type { OpenAPIRegistry, RouteConfig } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import {
  AuditBody,
  NewTokenBody,
  OrderBody,
  OrderIdBody,
  OrderStateBody,
  OrdersBody,
  SourcesBody,
  SuspectsBody,
  TokenRequestBody,
  TokensBody,
} from "./moderation-schemas.ts";
import { json, problems, SITE } from "./openapi-parts.ts";
import { PageId, ProblemBody } from "./schemas.ts";

const ORDER = z.object({ ...SITE.shape, id: z.string().openapi({ description: "Id of the order." }) });
const LIMIT = z.int().min(1).max(1_000).optional().openapi({ description: "100 unless said otherwise." });

export function describeModeration(registry: OpenAPIRegistry): void {
  const token = registry.registerComponent("securitySchemes", "moderator", {
    type: "http",
    scheme: "bearer",
    description: "A moderator's token; ADMIN_TOKEN is the first. Scopes: read, moderate, admin.",
  });
  const describe = (route: Omit<RouteConfig, "tags" | "security">): void =>
    registry.registerPath({ ...route, tags: ["Moderators"], security: [{ [token.name]: [] }] });

  describe({
    method: "post",
    path: "/v1/sites/{site}/orders",
    summary: "Give an order (scope moderate)",
    description:
      "202 means that the order is on disk and will be carried out, whatever dies in between. It acts on the votes stamped " +
      "until then, whatever arrives late.",
    request: { params: SITE, body: bodyOf(OrderBody) },
    responses: {
      202: json("Stored.", OrderIdBody),
      ...problems(400, 401, 403, 404, 408, 413, 415, 429, 503),
    },
  });
  describe({
    method: "get",
    path: "/v1/sites/{site}/orders",
    summary: "The newest orders (scope read)",
    request: { params: SITE, query: z.object({ limit: LIMIT }) },
    responses: {
      200: json("Newest first, at most 100.", OrdersBody),
      ...problems(400, 401, 403, 404, 429, 503),
    },
  });
  describe({
    method: "get",
    path: "/v1/sites/{site}/orders/{id}",
    summary: "How far an order is, and what it did (scope read)",
    request: { params: ORDER },
    responses: { 200: json("The order.", OrderStateBody), ...problems(401, 403, 404, 429, 503) },
  });
  describe({
    method: "post",
    path: "/v1/sites/{site}/orders/{id}/undo",
    summary: "Undo a reset, a purge, a ban, a release or a discard (scope moderate)",
    description: "For 7 days, once; newer votes of the same voters stay.",
    request: { params: ORDER },
    responses: {
      202: json("Stored, as an order of its own.", OrderIdBody),
      409: refused("It was undone already, is not done yet, or took nothing that can be restored."),
      410: refused("It is older than 7 days."),
      ...problems(401, 403, 404, 429, 503),
    },
  });
  describe({
    method: "get",
    path: "/v1/sites/{site}/audit",
    summary: "Who did what, when and why (scope read)",
    description:
      "The newest lines; or those after one line, or before one. `Prefer: wait` follows: it waits for the next.",
    request: {
      params: SITE,
      query: z.object({ after: z.string().optional(), before: z.string().optional(), limit: LIMIT }),
      headers: z.object({ prefer: z.string().optional().openapi({ example: "wait=10" }) }),
    },
    responses: { 200: json("Lines.", AuditBody), ...problems(400, 401, 403, 404, 429, 503) },
  });
  describe({
    method: "get",
    path: "/v1/sites/{site}/sources",
    summary: "Which networks a page's votes came from (scope read)",
    request: { params: SITE, query: z.object({ page: PageId }) },
    responses: { 200: json("The hundred largest.", SourcesBody), ...problems(400, 401, 403, 404, 429, 503) },
  });
  describe({
    method: "get",
    path: "/v1/sites/{site}/suspects",
    summary: "Pages whose votes of the last hour look sent by few or by a machine (scope read)",
    request: { params: SITE },
    responses: {
      200: json("With the filter to purge with.", SuspectsBody),
      ...problems(401, 403, 404, 429, 503),
    },
  });
  describe({
    method: "post",
    path: "/v1/tokens",
    summary: "Make a moderator's token (scope admin)",
    request: { body: bodyOf(TokenRequestBody) },
    responses: {
      201: json("The only time that its secret is shown.", NewTokenBody),
      409: refused("There is one of this name."),
      ...problems(400, 401, 403, 404, 408, 413, 415, 429, 503),
    },
  });
  describe({
    method: "get",
    path: "/v1/tokens",
    summary: "All moderators' tokens (scope admin)",
    responses: { 200: json("Without their secrets.", TokensBody), ...problems(401, 403, 429, 503) },
  });
  describe({
    method: "delete",
    path: "/v1/tokens/{name}",
    summary: "Revoke a moderator's token (scope admin)",
    request: { params: z.object({ name: z.string() }) },
    responses: {
      204: { description: "It is nobody's from now on." },
      409: refused("The built-in token comes from the settings."),
      ...problems(401, 403, 404, 429, 503),
    },
  });
}

function bodyOf(schema: z.ZodType) {
  return { required: true, content: { "application/json": { schema } } };
}

function refused(description: string) {
  return { description, content: { "application/problem+json": { schema: ProblemBody } } };
}
