/** The OpenAPI description of timelines and pictures. */
import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { ALERT_KINDS } from "../../shared/contract/alerts.ts";
import { PROCESS_KINDS } from "../../shared/contract/system.ts";
import { POINTS_MAX, TIMELINE_STEPS } from "../../shared/contract/timeline.ts";
import { json, problems, SITE } from "./openapi-parts.ts";
import { TimelineQuery } from "./query-schemas.ts";
import { PageCountsBody, PageId } from "./schemas.ts";

const Counts = PageCountsBody.shape.counts;
const Moment = z.int().openapi({ description: "Unix milliseconds." });

const TimelineBody = z
  .object({
    step: z.enum(TIMELINE_STEPS),
    page: PageId.optional(),
    points: z.array(
      z.object({
        at: Moment.openapi({ description: "The counts stood so at this moment; Unix milliseconds." }),
        counts: Counts,
      }),
    ),
  })
  .openapi("Timeline");

const PICTURE = { description: "The picture.", content: { "image/svg+xml": { schema: z.string() } } };

const SystemBody = z
  .object({
    at: Moment,
    version: z.string(),
    acceptedPerSecond: z.number(),
    talliedPerSecond: z.number(),
    refusedPerSecond: z.record(z.string(), z.number()).openapi({ description: "By problem code." }),
    backlog: z.object({ jobs: z.int(), age_ms: z.number(), failed: z.int() }),
    commit: z.object({ p50_ms: z.number().nullable(), p99_ms: z.number().nullable() }),
    tally: z.object({ p50_ms: z.number().nullable(), p99_ms: z.number().nullable() }),
    processes: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(PROCESS_KINDS),
        since: Moment,
        at: Moment,
        version: z.string(),
        memory_bytes: z.int(),
        lag_ms: z.number(),
        sockets: z.int(),
      }),
    ),
    redis: z.object({
      version: z.string(),
      usedMemory_bytes: z.int(),
      maxMemory_bytes: z.int().openapi({ description: "0: no limit." }),
      appendonly: z.boolean(),
      lastWriteOk: z.boolean().nullable(),
      durability: z.string(),
      warnings: z.array(z.string()),
      roundTrip_ms: z.number(),
    }),
  })
  .openapi("System");

const AlertsBody = z
  .object({
    alerts: z.array(
      z.object({
        id: z.string(),
        at: Moment,
        page: PageId,
        title: z.string().optional(),
        score: z.number().openapi({ description: "6: one in a million by chance. Of concentration 0 to 1." }),
        why: z
          .looseObject({ kind: z.enum(ALERT_KINDS), votes: z.int() })
          .openapi({ description: "The facts, which differ by kind." }),
        sentence: z.string(),
      }),
    ),
  })
  .openapi("Alerts");

const MODERATOR = [{ moderator: [] }];

export function describeLive(registry: OpenAPIRegistry): void {
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/timeline",
    summary: "How counts became what they are",
    description: `The counts as they stood at the beginning of each step, and as they are now. At most ${POINTS_MAX} points.`,
    tags: ["Readers"],
    request: { params: SITE, query: TimelineQuery },
    responses: { 200: json("Oldest first.", TimelineBody), ...problems(400, 404, 503) },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/timeline.svg",
    summary: "The same as a picture",
    tags: ["Embedding"],
    request: { params: SITE, query: TimelineQuery },
    responses: { 200: PICTURE, ...problems(400, 404, 503) },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/badge.svg",
    summary: "The counts of a page as a picture, for feeds and mails",
    tags: ["Embedding"],
    request: { params: SITE, query: z.object({ page: PageId }) },
    responses: { 200: PICTURE, ...problems(400, 404, 503) },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/alerts",
    summary: "Pages on which votes behave oddly",
    tags: ["Moderators"],
    security: MODERATOR,
    request: {
      params: SITE,
      query: z.object({
        kind: z.enum(ALERT_KINDS).optional(),
        before: z.string().optional().openapi({ description: "Id of an alert: those before it." }),
        limit: z.int().min(1).max(200).optional().openapi({ description: "50 unless said otherwise." }),
      }),
    },
    responses: { 200: json("Newest first.", AlertsBody), ...problems(400, 401, 403, 404, 429, 503) },
  });
  registry.registerPath({
    method: "get",
    path: "/v1/sites/{site}/system",
    summary: "How the whole service is",
    description:
      "Rates, backlog, latencies and the living processes of all sites together, and how Redis is.",
    tags: ["Operations"],
    security: MODERATOR,
    request: { params: SITE },
    responses: { 200: json("At this moment.", SystemBody), ...problems(401, 403, 404, 429, 503) },
  });
}
