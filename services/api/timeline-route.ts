/** `GET /v1/sites/{site}/timeline` and `timeline.svg`: how the counts of a page or a site became what they are. */
import { Router } from "express";
import type { z } from "zod";
import { Refusal } from "../../shared/contract/problems.ts";
import { KEPT_MS, POINTS_MAX, STEP_MS, type Timeline } from "../../shared/contract/timeline.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { ReactingSite } from "../../shared/runtime/sites.ts";
import { readChanges } from "../../shared/tallies/read-timeline.ts";
import { type TimelineSpan, timelinePoints } from "../../shared/tallies/timeline-points.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { labelOf } from "./label-of.ts";
import { langOf } from "./lang-of.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { queryOf } from "./query-of.ts";
import { parseQuery, TimelineQuery } from "./query-schemas.ts";
import { sendPicture } from "./send-picture.ts";
import { siteNamed } from "./site-named.ts";
import { timelinePicture } from "./timeline-picture.ts";

const UNREADABLE = "The timeline cannot be read at this moment.";

/** A chart need not be newer. */
const TIMELINE_CACHE = "public, max-age=5, stale-while-revalidate=30";

/** How far back an answer goes when nobody says. */
const SPAN_MS = { minute: 3 * STEP_MS.hour, hour: 48 * STEP_MS.hour, day: 30 * STEP_MS.day } as const;

/** @param redis a connection of the role `reader` */
export function timelineRoute(desk: VoteDesk, redis: RedisConnection): Router {
  const router = Router();

  const read = async (site: ReactingSite, query: URLSearchParams): Promise<Timeline> => {
    if (!desk.ready()) throw new Refusal("unavailable", UNREADABLE);
    const { page, ...asked } = parseQuery(TimelineQuery, query);
    const span = spanOf(asked, desk.now_ms());
    const by = span.step === "minute" ? "minute" : "hour";
    const found = await orUnavailable(readChanges(redis, site.id, page, by, span.from), UNREADABLE);
    const hidden = found.state === "hidden";
    const shown = hidden ? { at: found.at, totals: [], changes: [] } : found;
    const points = timelinePoints(shown, span, site.reactions);
    return { step: span.step, points, ...(page === undefined ? {} : { page }) };
  };

  router.get("/v1/sites/:site/timeline", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    response.set("cache-control", TIMELINE_CACHE).json(await read(site, queryOf(request)));
  });

  router.get("/v1/sites/:site/timeline.svg", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    sendPicture(
      response,
      timelinePicture(await read(site, queryOf(request)), site.reactions, labelOf(site, langOf(request))),
    );
  });

  return router;
}

/** @throws Refusal `query_invalid` */
function spanOf(asked: Omit<z.output<typeof TimelineQuery>, "page">, now_ms: number): TimelineSpan {
  const { step } = asked;
  // Redis will be asked a moment later: without an end the last point is the moment of its answer.
  const to = asked.to ?? Number.POSITIVE_INFINITY;
  const from = asked.from ?? Math.min(to, now_ms) - SPAN_MS[step];
  if (from > to) throw new Refusal("query_invalid", "Expected from to be before to.");
  if (from > now_ms) throw new Refusal("query_invalid", "Expected from to be in the past.");
  // The step that `from` falls into may have begun before.
  if (from < now_ms - KEPT_MS[step]) {
    throw new Refusal(
      "query_invalid",
      `Steps of a ${step} are kept for ${KEPT_MS[step] / STEP_MS.hour} hours.`,
    );
  }
  if ((Math.min(to, now_ms) - from) / STEP_MS[step] > POINTS_MAX - 2) {
    throw new Refusal("query_invalid", `An answer has at most ${POINTS_MAX} points: ask for longer steps.`);
  }
  return { from, to, step };
}
