/** The readers' routes that Express serves; votes have a file of their own. */
import { Router } from "express";
import { Refusal } from "../../shared/contract/problems.ts";
import type { AddressOf } from "../../shared/runtime/address-of.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { mayAct } from "../../shared/runtime/site-origins.ts";
import { readCounts } from "../../shared/tallies/read-counts.ts";
import { readRecord } from "../../shared/tallies/read-record.ts";
import { identifyReader } from "../../shared/votes/identify-voter.ts";
import { issueVoter } from "../../shared/votes/issue-voter.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { bearerOf } from "./bearer.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { pagesOf } from "./pages-of.ts";
import { readJsonBodyIfAny } from "./read-body.ts";
import { parseVoterBody } from "./schemas.ts";
import { siteNamed } from "./site-named.ts";

/** The same for everyone, and new every second: caches may keep it that long, and serve it once more while they ask. */
export const COUNTS_CACHE = "public, max-age=1, stale-while-revalidate=10";

export const UNREADABLE = "The counts cannot be read at this moment.";

/** @param redis a connection of the role `reader` */
export function readerRoutes(desk: VoteDesk, redis: RedisConnection, addressOf: AddressOf): Router {
  const router = Router();

  router.post("/v1/sites/:site/voters", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    if (!mayAct(site.origins, request.headers.origin, request.headers.host))
      throw new Refusal("origin_refused");
    const { solution } = parseVoterBody(await readJsonBodyIfAny(request));
    const { token } = await issueVoter(desk, site, addressOf(request), solution);
    response.set("cache-control", "no-store").status(201).json({ voter: token });
  });

  router.get("/v1/sites/:site/counts", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    const pages = await orUnavailable(readCounts(redis, site, pagesOf(request)), UNREADABLE);
    response.set("cache-control", COUNTS_CACHE).json({ pages });
  });

  router.get("/v1/sites/:site/mine", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    const pages = pagesOf(request);
    const token = bearerOf(request.headers.authorization);
    if (token === undefined) throw new Refusal("voter_missing");
    const voter = await identifyReader(desk, site, token, addressOf(request));
    const mine = pages.map(async (page) => {
      const record = await readRecord(redis, site.id, page, voter.on(page));
      const index = record?.reaction ?? null;
      return { page, reaction: index === null ? null : (site.reactions[index] ?? null) };
    });
    response
      .set("cache-control", "no-store")
      .json({ pages: await orUnavailable(Promise.all(mine), UNREADABLE) });
  });

  return router;
}
