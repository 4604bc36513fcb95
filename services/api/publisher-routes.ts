/** `PUT` and `GET /v1/sites/{site}/pages`: the pages that a publisher registered with title and URL. */
import { Router } from "express";
import { isPageId } from "../../shared/contract/page-id.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import { listRegistered } from "../../shared/tallies/read-registered.ts";
import { registerPages } from "../../shared/tallies/register-pages.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { parseRegistration } from "./page-schemas.ts";
import { numberIn, queryOf } from "./query-of.ts";
import { readJsonBody } from "./read-body.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

/** A thousand pages with long titles and addresses; whoever has longer ones sends fewer at a time. */
const REGISTRATION_BYTES_MAX = 2_097_152;

const LIST_LIMIT = 100;
const LIST_LIMIT_MAX = 1_000;

/** @param redis a connection of the role `reader` */
export function publisherRoutes(sites: Sites, redis: RedisConnection, requireScope: RequireScope): Router {
  const router = Router();

  router.put("/v1/sites/:site/pages", async (request, response) => {
    const site = siteNamed(sites, request.params.site);
    await requireScope(request, "moderate", site);
    const pages = parseRegistration(await readJsonBody(request, REGISTRATION_BYTES_MAX));
    await orUnavailable(registerPages(redis, site.id, pages), "The pages cannot be stored at this moment.");
    response
      .set("cache-control", "no-store")
      .json({ registered: new Set(pages.map(({ page }) => page)).size });
  });

  router.get("/v1/sites/:site/pages", async (request, response) => {
    const site = siteNamed(sites, request.params.site);
    await requireScope(request, "read", site);
    const query = queryOf(request);
    const limit = numberIn(query, "limit", LIST_LIMIT, LIST_LIMIT_MAX);
    const listing = listRegistered(redis, site.id, pageBehind(query.get("cursor")), limit);
    const { pages, next } = await orUnavailable(listing, "The pages cannot be read at this moment.");
    const cursor = next === undefined ? undefined : Buffer.from(next).toString("base64url");
    response.set("cache-control", "no-store").json({ pages, cursor });
  });

  return router;
}

/** @throws Refusal `query_invalid` */
function pageBehind(cursor: string | null): string | undefined {
  if (cursor === null || cursor === "") return undefined;
  const page = Buffer.from(cursor, "base64url").toString("utf8");
  if (!isPageId(page)) throw new Refusal("query_invalid", "Expected cursor to be one that this list gave.");
  return page;
}
