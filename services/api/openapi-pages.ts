/** The OpenAPI description of registered pages and the hot list. */
import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { json, problems, SITE } from "./openapi-parts.ts";
import { HotBody, RegisteredBody, RegisteredListBody, RegistrationBody } from "./page-schemas.ts";
import { HotQuery } from "./query-schemas.ts";

export function describePages(registry: OpenAPIRegistry): void {
  const token = registry.registerComponent("securitySchemes", "publisher", {
    type: "http",
    scheme: "bearer",
    description: "A token of a moderator or publisher; ADMIN_TOKEN is the first.",
  });
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/hot",
    summary: "What readers react to right now",
    description:
      "Hottest first. Each reaction counts half after an hour, 6 hours or 2 days (window hour, day, week); withdrawals take " +
      "away. Only registered pages are listed, hidden ones are not. The ETag stays until a vote changes the list.",
    tags: ["Readers"],
    request: { params: SITE, query: HotQuery },
    responses: {
      200: json("The list.", HotBody),
      304: { description: "No vote changed the list since the ETag of If-None-Match." },
      ...problems(400, 404, 503),
    },
  });
  registry.registerPath({
    method: "put",
    path: "/v1/sites/{site}/pages",
    summary: "Register pages with title and URL",
    description:
      "At most 1000 in a request. A page that is registered already gets the new title and URL; sending the same again " +
      "changes nothing. When one of them is not well formed, none is registered.",
    tags: ["Publishers"],
    security: [{ [token.name]: [] }],
    request: {
      params: SITE,
      body: { required: true, content: { "application/json": { schema: RegistrationBody } } },
    },
    responses: {
      200: json("They are registered.", RegisteredBody),
      ...problems(400, 401, 403, 404, 408, 413, 415, 429, 503),
    },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/pages",
    summary: "List registered pages",
    tags: ["Publishers"],
    security: [{ [token.name]: [] }],
    request: {
      params: SITE,
      query: z.object({
        cursor: z.string().optional().openapi({ description: "As the part before gave it." }),
        limit: z.int().min(1).max(1_000).optional().openapi({ description: "100 unless said otherwise." }),
      }),
    },
    responses: {
      200: json("A part of them, in the order of their ids.", RegisteredListBody),
      ...problems(400, 401, 403, 404, 429, 503),
    },
  });
}
