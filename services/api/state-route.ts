/** `GET /v1/sites/{site}/state`: how the service itself is, for `reactions doctor`. */
import { Router } from "express";
import type { ServiceState } from "../../shared/contract/service-state.ts";
import { packageVersion } from "../../shared/runtime/package-version.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { inspectRedis } from "../../shared/runtime/redis-settings.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { orUnavailable } from "./or-unavailable.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

export interface StateRouteParts {
  readonly desk: VoteDesk;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly requireScope: RequireScope;
}

export function stateRoute({ desk, redis, requireScope }: StateRouteParts): Router {
  const router = Router();
  const version = packageVersion();
  router.get("/v1/sites/:site/state", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    await requireScope(request, "read", site);
    const read = Promise.all([inspectRedis(redis), desk.queue.backlogAge_ms()]);
    const [{ durability, warnings }, backlogAge_ms] = await orUnavailable(read);
    const state: ServiceState = { version, now: desk.now_ms(), backlogAge_ms, durability, warnings };
    response.set("cache-control", "no-store").json(state);
  });
  return router;
}
