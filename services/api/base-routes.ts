/** `GET` and `DELETE /v1/sites/{site}/base`: totals that an import brought without voters. */
import { Router } from "express";
import type { PageBase } from "../../shared/contract/import-answers.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import { writeAudit } from "../../shared/moderation/audit.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { readPageHead } from "../../shared/tallies/page-head.ts";
import { RESTORE_JOB, type RestoreJob } from "../../shared/votes/restore-job.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { pagesOf } from "./pages-of.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

export interface BaseRouteParts {
  readonly desk: VoteDesk;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly requireScope: RequireScope;
}

export function baseRoutes({ desk, redis, requireScope }: BaseRouteParts): Router {
  const router = Router();

  router.get("/v1/sites/:site/base", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    await requireScope(request, "read", site);
    const bases = pagesOf(request).map((page) => readBase(redis, site, page));
    response.set("cache-control", "no-store").json({ pages: await orUnavailable(Promise.all(bases)) });
  });

  router.delete("/v1/sites/:site/base", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    const { name } = await requireScope(request, "moderate", site);
    const [page, ...others] = pagesOf(request);
    if (page === undefined || others.length > 0) throw new Refusal("pages_invalid", "Name one page.");
    const { base } = await orUnavailable(readPageHead(redis, site.id, page));
    const job: RestoreJob = { version: 1, site: site.id, page, records: 0, base: [], removes: true };
    const votes = base.reduce((sum, count) => sum + count, 0);
    const result = { votes, counts: base, pages: 1, list: [] };
    const line = { who: name, what: "base-removed", page, result };
    await orUnavailable(writeAudit(redis, site.id, line));
    await orUnavailable(desk.queue.addJob(0, RESTORE_JOB, job));
    response.status(202).end();
  });

  return router;
}

async function readBase(redis: RedisConnection, site: Site, page: string): Promise<PageBase> {
  const { base } = await readPageHead(redis, site.id, page);
  const named = site.reactions.map((reaction, index) => [reaction, base[index] ?? 0] as const);
  return { page, base: Object.fromEntries(named.filter(([, count]) => count > 0)) };
}
