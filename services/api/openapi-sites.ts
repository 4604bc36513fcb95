/** The OpenAPI description of sites. */
import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { SiteRow } from "../../shared/runtime/site-settings.ts";
import { json, problems, SITE } from "./openapi-parts.ts";

const MODERATOR = [{ moderator: [] }];

// Not every check can be said in JSON Schema; faults are told in sentences anyway.
const SETTINGS = z.object(SiteRow.in.shape).partial({ id: true }).openapi("SiteSettings");

const SITE_BODY = z
  .object({
    id: z.string(),
    from: z.enum(["file", "api", "open"]).openapi({
      description:
        "`file`: SITES_FILE, where alone it can be changed. `open`: the site of a service that was told of none.",
    }),
    settings: z.looseObject({ name: z.string() }).openapi({
      description:
        "As PUT takes them; keys that sign pages are never told, and stay when they are left out of a PUT.",
    }),
  })
  .openapi("Site");

const REACTIONS_BODY = z.object({
  reactions: z.array(z.string()),
  labels: z
    .record(z.string(), z.record(z.string(), z.string()))
    .openapi({ description: "Plain text by language tag and reaction.", example: { en: { wow: "Wow!" } } }),
});

export function describeSites(registry: OpenAPIRegistry): void {
  const shared = { tags: ["Sites"], security: MODERATOR };
  registry.registerPath({
    ...shared,
    method: "get",
    path: "/v1/sites",
    summary: "All sites (a token of scope admin for all sites)",
    responses: {
      200: json("By id.", z.object({ sites: z.array(SITE_BODY) })),
      ...problems(401, 403, 429, 503),
    },
  });
  registry.registerPath({
    ...shared,
    method: "get",
    path: "/v1/sites/{site}",
    summary: "One site (a token of scope admin for all sites)",
    request: { params: SITE },
    responses: { 200: json("The site.", SITE_BODY), ...problems(401, 403, 404, 429, 503) },
  });
  registry.registerPath({
    ...shared,
    method: "put",
    path: "/v1/sites/{site}",
    summary: "Make a site, or change one (a token of scope admin for all sites)",
    description:
      "Every process follows within seconds; viewers of a changed site reconnect. To `reactions` one may only append. " +
      "Once a site was put, the open site `default` is served no more unless it is put too.",
    request: {
      params: SITE,
      body: { required: true, content: { "application/json": { schema: SETTINGS } } },
    },
    responses: {
      200: json("Changed.", SITE_BODY),
      201: json("Made.", SITE_BODY),
      ...problems(400, 401, 403, 408, 409, 413, 415, 429, 503),
    },
  });
  registry.registerPath({
    ...shared,
    method: "delete",
    path: "/v1/sites/{site}",
    summary: "Serve a site no more (a token of scope admin for all sites)",
    description: "Its votes, pages and audit stay in Redis, and are there again when the site is put again.",
    request: { params: SITE },
    responses: { 204: { description: "Removed." }, ...problems(401, 403, 404, 409, 429, 503) },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/reactions",
    summary: "A site's reactions and what they are called, for everyone",
    tags: ["Readers"],
    request: { params: SITE },
    responses: { 200: json("In the order of the buttons.", REACTIONS_BODY), ...problems(404, 503) },
  });
}
