/** The OpenAPI document, made from the schemas that parse the requests. */
import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { describeEmbedding } from "./openapi-embedding.ts";
import { describeLive } from "./openapi-live.ts";
import { describeModeration } from "./openapi-moderation.ts";
import { describeOperations } from "./openapi-operations.ts";
import { describePages } from "./openapi-pages.ts";
import { json, problems, SITE } from "./openapi-parts.ts";
import { describeSites } from "./openapi-sites.ts";
import { describeTransfer } from "./openapi-transfer.ts";
import { describeWebhooks } from "./openapi-webhooks.ts";
import {
  CountsBody,
  MineBody,
  MoveBody,
  PageCountsBody,
  PagesQuery,
  ReceiptBody,
  TalliedBody,
  VoteBody,
  VoteForm,
  VoterBody,
  VoterRequest,
} from "./schemas.ts";

const PAGES = z.object({
  page: PagesQuery.openapi({ description: "1 to 100 pages, as in ?page=a&page=b." }),
});

/** @param version of the package */
export function openApiDocument(version: string) {
  const registry = new OpenAPIRegistry();
  const voter = registry.registerComponent("securitySchemes", "voter", {
    type: "http",
    scheme: "bearer",
    description:
      "A voter's token, as POST voters gives it; or an account's, a JWT that the publisher signed.",
  });
  registry.register("PageCounts", PageCountsBody);
  registry.registerPath({
    method: "post",
    path: "/v1/sites/{site}/voters",
    summary: "Make a new anonymous voter",
    tags: ["Readers"],
    description:
      "While more new voters come than is plausible, some are asked for a puzzle first: 428, and again with `solution`.",
    request: {
      params: SITE,
      body: {
        content: { "application/json": { schema: VoterRequest }, "text/plain": { schema: VoterRequest } },
      },
    },
    responses: {
      201: json("The voter's token, to keep.", VoterBody),
      ...problems(400, 401, 403, 404, 408, 413, 415, 428, 429, 503),
    },
  });
  registry.registerPath({
    method: "post",
    path: "/v1/sites/{site}/votes",
    summary: "Vote, switch or withdraw",
    description:
      "202 means that the vote is on disk and will be in the totals exactly once. A 503 may be sent again as it is. " +
      "A vote without a voter's token makes a new voter, so sent twice it is two voters.",
    tags: ["Readers"],
    security: [{}, { [voter.name]: [] }],
    request: {
      params: SITE,
      headers: z.object({
        prefer: z
          .string()
          .optional()
          .openapi({ description: "wait=<seconds, at most 10>: answer once tallied (RFC 7240)." }),
      }),
      body: {
        required: true,
        content: {
          "application/json": { schema: VoteBody },
          "text/plain": { schema: VoteBody },
          "application/x-www-form-urlencoded": { schema: VoteForm },
        },
      },
    },
    responses: {
      200: json("Tallied within the time of `Prefer: wait`.", TalliedBody),
      202: json("Accepted.", ReceiptBody),
      303: { description: "A form's vote was accepted: back to the page with the form." },
      ...problems(400, 401, 403, 404, 408, 409, 413, 415, 428, 429, 503),
    },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/counts",
    summary: "Counts of pages, for everyone",
    tags: ["Readers"],
    request: { params: SITE, query: PAGES },
    responses: {
      200: json("In the order asked; a page without votes has zeros and rev 0.", CountsBody),
      304: { description: "Nothing changed since the ETag of If-None-Match." },
      ...problems(400, 404, 503),
    },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/mine",
    summary: "What one voter holds",
    tags: ["Readers"],
    security: [{ [voter.name]: [] }],
    request: { params: SITE, query: PAGES },
    responses: { 200: json("In the order asked.", MineBody), ...problems(400, 401, 404, 429, 503) },
  });
  registry.registerPath({
    method: "delete",
    path: "/v1/sites/{site}/voters/self",
    summary: "Forget a voter: every record of theirs goes, totals follow",
    tags: ["Readers"],
    security: [{ [voter.name]: [] }],
    request: { params: SITE },
    responses: { 202: { description: "Stored; done within moments." }, ...problems(401, 404, 429, 503) },
  });
  registry.registerPath({
    method: "post",
    path: "/v1/sites/{site}/voters/self/move",
    summary: "Sign in: what an anonymous voter voted becomes the account's",
    description:
      "Where both voted on a page, the newer vote holds, so the reader counts once. Sent again it changes nothing.",
    tags: ["Readers"],
    security: [{ [voter.name]: [] }],
    request: {
      params: SITE,
      body: {
        required: true,
        content: { "application/json": { schema: MoveBody }, "text/plain": { schema: MoveBody } },
      },
    },
    responses: {
      202: { description: "Stored; done within moments." },
      ...problems(400, 401, 403, 404, 408, 413, 415, 429, 503),
    },
  });
  describeModeration(registry);
  describePages(registry);
  describeEmbedding(registry);
  describeLive(registry);
  describeWebhooks(registry);
  describeSites(registry);
  describeTransfer(registry);
  describeOperations(registry);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: { title: "Reader Reactions", version, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/" }],
  });
}
