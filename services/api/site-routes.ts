/** Sites: put, listed and removed with a token of scope `admin` that works on all sites; and what everyone may know of one. */
import { Router } from "express";
import type { SiteReactions } from "../../shared/contract/labels.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import { isSiteId } from "../../shared/contract/site-id.ts";
import { writeAudit } from "../../shared/moderation/audit.ts";
import type { FollowedSites } from "../../shared/moderation/follow-sites.ts";
import { putSite, removeSite } from "../../shared/moderation/site-store.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { withoutSecrets } from "../../shared/runtime/site-settings.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { readJsonBody } from "./read-body.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

export interface SiteRouteParts {
  readonly siteBook: FollowedSites;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly requireScope: RequireScope;
}

/** Fifty languages with eight labels each. */
const SETTINGS_BYTES_MAX = 262_144;

/** Labels change with the site, not with its votes. */
const REACTIONS_CACHE = "public, max-age=60, stale-while-revalidate=600";

export function siteRoutes({ siteBook, redis, requireScope }: SiteRouteParts): Router {
  const router = Router();
  const { sites } = siteBook;
  const view = (site: Site) => ({
    id: site.id,
    from: siteBook.originOf(site.id) ?? "api",
    settings: withoutSecrets(site),
  });

  router.get("/v1/sites", async (request, response) => {
    await requireScope(request, "admin");
    if (!sites.complete) throw new Refusal("unavailable", "Redis has not told of its sites yet.");
    const all = [...sites.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    response.set("cache-control", "no-store").json({ sites: all.map(view) });
  });

  router.get("/v1/sites/:site", async (request, response) => {
    await requireScope(request, "admin");
    response.set("cache-control", "no-store").json(view(siteNamed(sites, request.params.site)));
  });

  router.put("/v1/sites/:site", async (request, response) => {
    const { name: who } = await requireScope(request, "admin");
    const id = request.params.site;
    if (!isSiteId(id))
      throw new Refusal("site_invalid", "expected lower-case letters, digits and hyphens, at most 63, at id");
    if (siteBook.originOf(id) === "file") throw new Refusal("site_fixed");
    const settings = await readJsonBody(request, SETTINGS_BYTES_MAX);
    const { site, made } = await orUnavailable(putSite(redis, id, settings));
    await orUnavailable(writeAudit(redis, id, { what: "site-put", who }));
    await orUnavailable(siteBook.refresh());
    response
      .set("cache-control", "no-store")
      .status(made ? 201 : 200)
      .json({ ...view(site), from: "api" });
  });

  router.delete("/v1/sites/:site", async (request, response) => {
    const { name: who } = await requireScope(request, "admin");
    const { id } = siteNamed(sites, request.params.site);
    if (siteBook.originOf(id) !== "api") throw new Refusal("site_fixed");
    await orUnavailable(removeSite(redis, id));
    await orUnavailable(writeAudit(redis, id, { what: "site-removed", who }));
    await orUnavailable(siteBook.refresh());
    response.status(204).end();
  });

  router.get("/v1/sites/:site/reactions", (request, response) => {
    const { reactions, labels = {} } = siteNamed(sites, request.params.site);
    const answer: SiteReactions = { reactions, labels };
    response.set("cache-control", REACTIONS_CACHE).json(answer);
  });

  return router;
}
