/** `GET /v1/sites/{site}/badge.svg`: the counts of a page as a picture, for feeds, mails and places without JavaScript. */
import { Router } from "express";
import { Refusal } from "../../shared/contract/problems.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import { readCounts } from "../../shared/tallies/read-counts.ts";
import { badgePicture } from "./badge-picture.ts";
import { labelOf } from "./label-of.ts";
import { langOf } from "./lang-of.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { pagesOf } from "./pages-of.ts";
import { sendPicture } from "./send-picture.ts";
import { siteNamed } from "./site-named.ts";

/** @param redis a connection of the role `reader` */
export function badgeRoute(sites: Sites, redis: RedisConnection): Router {
  const router = Router();
  router.get("/v1/sites/:site/badge.svg", async (request, response) => {
    const site = siteNamed(sites, request.params.site);
    const pages = pagesOf(request);
    if (pages.length > 1) throw new Refusal("pages_invalid", "Name one page.");
    const [counts] = await orUnavailable(readCounts(redis, site, pages));
    sendPicture(response, badgePicture(counts?.counts ?? {}, site.reactions, labelOf(site, langOf(request))));
  });
  return router;
}
