/** `GET /v1/sites/{site}/hot`: what readers react to right now. */
import { createHash } from "node:crypto";
import { Router } from "express";
import type { HotPage } from "../../shared/contract/hot.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { type HotQuery as HotAsked, readHot } from "../../shared/tallies/read-hot.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { queryOf } from "./query-of.ts";
import { HotQuery, parseQuery } from "./query-schemas.ts";
import { COUNTS_CACHE } from "./routes.ts";
import { siteNamed } from "./site-named.ts";

const UNREADABLE = "The list cannot be read at this moment.";

/** @param redis a connection of the role `reader` */
export function hotRoute(desk: VoteDesk, redis: RedisConnection): Router {
  const router = Router();
  router.get("/v1/sites/:site/hot", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    const query = hotQuery(site, queryOf(request));
    if (!desk.ready()) throw new Refusal("unavailable", UNREADABLE);
    const pages = await orUnavailable(readHot(redis, site, query, desk.now_ms()), UNREADABLE);
    response.set({ "cache-control": COUNTS_CACHE, etag: etagOf(pages) }).json({ pages });
  });
  return router;
}

/** @throws Refusal `query_invalid` or `reaction_unknown` */
function hotQuery(site: Site, query: URLSearchParams): HotAsked {
  const { window, reaction: name = "", limit } = parseQuery(HotQuery, query);
  const reaction = name === "" ? undefined : site.reactions.indexOf(name);
  if (reaction === -1) throw new Refusal("reaction_unknown", `This site takes ${site.reactions.join(", ")}.`);
  return { window, reaction, limit };
}

/**
 * Scores cool from one moment to the next, but all of a list alike: without a vote its order stays. So the tag is weak and
 * leaves them out, and whoever asks again hears 304 until something has happened.
 */
function etagOf(pages: readonly HotPage[]): string {
  const lasting = pages.map(({ page, title, url, counts }) => [page, title, url, counts]);
  return `W/"${createHash("sha256").update(JSON.stringify(lasting)).digest("base64url").slice(0, 22)}"`;
}
