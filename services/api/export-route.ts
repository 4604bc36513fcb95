/** `GET /v1/sites/{site}/export`: everything of a site, as a stream of lines. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Router } from "express";
import { Refusal } from "../../shared/contract/problems.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { exportSite } from "./export-site.ts";
import { orUnavailable } from "./or-unavailable.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

export interface ExportRouteParts {
  readonly desk: VoteDesk;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly requireScope: RequireScope;
  readonly log: Log;
}

/** Exports that a process sends at a time. */
const EXPORTS_MAX = 4;

export function exportRoute({ desk, redis, requireScope, log }: ExportRouteParts): Router {
  const router = Router();
  let running = 0;
  router.get("/v1/sites/:site/export", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    await requireScope(request, "moderate", site);
    if (running >= EXPORTS_MAX)
      throw new Refusal("overloaded", "Other exports are running; ask again later.", 30);
    running++;
    try {
      const lines = exportSite(redis, site, desk.now_ms());
      // Before the head is sent Redis must have answered: a refusal is still possible then.
      const first = await orUnavailable(lines.next());
      response.set({
        "content-type": "application/x-ndjson; charset=utf-8",
        "cache-control": "no-store",
        "content-disposition": `attachment; filename="${site.id}.ndjson"`,
      });
      response.write(first.value);
      // What breaks off lacks its trailer, so whoever reads it notices.
      await pipeline(Readable.from(lines), response).catch((error: unknown) => {
        log.warn({ site: site.id, reason: String(error) }, "an export broke off");
        response.destroy();
      });
    } finally {
      running--;
    }
  });
  return router;
}
