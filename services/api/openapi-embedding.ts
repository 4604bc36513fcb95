/** The OpenAPI description of the ways in for other pages. */
import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { json, problems } from "./openapi-parts.ts";
import { OEmbedBody } from "./page-schemas.ts";
import { PageId } from "./schemas.ts";

export function describeEmbedding(registry: OpenAPIRegistry): void {
  registry.registerPath({
    method: "get",
    path: "/embed",
    summary: "One bar, as a page for an iframe",
    description:
      'Tells the page around it its height: postMessage({ type: "reader-reactions:height", height }), in CSS pixels.',
    tags: ["Embedding"],
    request: {
      query: z.object({
        site: z.string().optional().openapi({ description: "default unless said otherwise." }),
        page: PageId,
        lang: z.string().optional().openapi({ description: "A language tag; the reader's own if absent." }),
        mode: z.enum(["bar", "compact"]).optional(),
      }),
    },
    responses: {
      200: { description: "The page." },
      400: { description: "No well-formed page id; a page that says so." },
      404: { description: "No such site; a page that says so." },
    },
  });
  registry.registerPath({
    method: "get",
    path: "/oembed",
    summary: "oEmbed",
    description: "For addresses of /embed, and for registered URLs. See oembed.com.",
    tags: ["Embedding"],
    request: {
      query: z.object({
        url: z.string().openapi({ example: "https://news.example/2026/11/a-quiet-harbour" }),
        format: z.literal("json").optional(),
        maxwidth: z.int().min(1).max(10_000).optional(),
        maxheight: z.int().min(1).max(10_000).optional(),
      }),
    },
    responses: { 200: json("Of type rich.", OEmbedBody), ...problems(400, 404, 501, 503) },
  });
}
