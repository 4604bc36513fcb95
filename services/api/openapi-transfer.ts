/** The OpenAPI description of export, import, base counts and the service's state. */
import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { json, problems, SITE } from "./openapi-parts.ts";
import { exampleCounts, PageId, PagesQuery } from "./schemas.ts";

const Count = z.int().min(0);
const Counts = z.record(z.string(), Count).openapi({ example: exampleCounts(40, 2) });
const Lines = z.string().openapi({
  description: "One JSON object a line: header; for each page page, vote …, totals; audit …; trailer.",
});
const ImportBody = z.object({ lines: Count, pages: Count, votes: Count, audit: Count });
const BasesBody = z.object({ pages: z.array(z.object({ page: PageId, base: Counts })) });
const StateBody = z.object({
  version: z.string(),
  now: z.int().openapi({ description: "Unix milliseconds by Redis's clock." }),
  backlogAge_ms: Count,
  durability: z.string(),
  warnings: z.array(z.string()),
});

export function describeTransfer(registry: OpenAPIRegistry): void {
  const token = registry.registerComponent("securitySchemes", "moderator", {
    type: "http",
    scheme: "bearer",
    description: "A moderator's token; ADMIN_TOKEN is the first.",
  });
  const shared = { tags: ["Moderators"], security: [{ [token.name]: [] }] };
  registry.registerPath({
    ...shared,
    method: "get",
    path: "/v1/sites/{site}/export",
    summary: "Everything of a site, as a stream of lines (scope moderate)",
    request: { params: SITE },
    responses: {
      200: {
        description: "Without its trailer it was cut off.",
        content: { "application/x-ndjson": { schema: Lines } },
      },
      ...problems(401, 403, 404, 429, 503),
    },
  });
  registry.registerPath({
    ...shared,
    method: "post",
    path: "/v1/sites/{site}/import",
    summary: "Take an export in (scope admin)",
    description:
      "May be repeated and may go into a service in use: of a voter's votes the latest holds. Answered when all votes are " +
      "in the totals. A refusal's `line` is where it ended; everything before is stored.",
    request: {
      params: SITE,
      query: z.object({
        fromLine: z
          .int()
          .min(1)
          .optional()
          .openapi({ description: "Go on after an import that ended there." }),
      }),
      body: { required: true, content: { "application/x-ndjson": { schema: Lines } } },
    },
    responses: {
      200: json("How many lines of each kind were taken.", ImportBody),
      ...problems(400, 401, 403, 404, 408, 415, 429, 503),
    },
  });
  registry.registerPath({
    ...shared,
    method: "get",
    path: "/v1/sites/{site}/base",
    summary: "Base counts of pages: what of their totals came without voters (scope read)",
    request: { params: SITE, query: z.object({ page: PagesQuery }) },
    responses: { 200: json("In the order asked.", BasesBody), ...problems(400, 401, 403, 404, 429, 503) },
  });
  registry.registerPath({
    ...shared,
    method: "delete",
    path: "/v1/sites/{site}/base",
    summary: "Take a page's base count out of its totals (scope moderate)",
    request: { params: SITE, query: z.object({ page: PageId }) },
    responses: {
      202: { description: "Stored; the totals follow within moments." },
      ...problems(400, 401, 403, 404, 429, 503),
    },
  });
  registry.registerPath({
    ...shared,
    method: "get",
    path: "/v1/sites/{site}/state",
    summary: "How the service itself is: its Redis, clock and backlog (scope read)",
    request: { params: SITE },
    responses: {
      200: json("What `reactions doctor` shows.", StateBody),
      ...problems(401, 403, 404, 429, 503),
    },
  });
}
