/** Puts the API together. */
import type { RequestListener } from "node:http";
import type { RequestHandler } from "express";
import { OrderQueue } from "../../shared/moderation/order-queue.ts";
import { Tokens } from "../../shared/moderation/tokens.ts";
import { openAddressOf } from "../../shared/runtime/address-of.ts";
import type { Config } from "../../shared/runtime/config.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { operationsRoutes, type ReadyCheck, stoppingCheck } from "../../shared/runtime/operations.ts";
import { packageVersion } from "../../shared/runtime/package-version.ts";
import type { AnswerPlain } from "../../shared/runtime/plain-lane.ts";
import { faultOfRedis, openRedis, whenConnected } from "../../shared/runtime/redis-connections.ts";
import { deskChecks, type VoteDesk } from "../../shared/votes/vote-desk.ts";
import { openApp } from "./app.ts";
import { openAwaitTally } from "./await-tally.ts";
import { badgeRoute } from "./badge-route.ts";
import { baseRoutes } from "./base-routes.ts";
import { countsRoute } from "./counts-route.ts";
import { docsRoutes } from "./docs-routes.ts";
import { embedRoutes } from "./embed-routes.ts";
import { exportRoute } from "./export-route.ts";
import { hotRoute } from "./hot-route.ts";
import { importRoute } from "./import-route.ts";
import { moveRoute } from "./move-route.ts";
import { orderRoutes } from "./order-routes.ts";
import { publisherRoutes } from "./publisher-routes.ts";
import { openRequireScope } from "./require-scope.ts";
import { readerRoutes } from "./routes.ts";
import { siteRoutes } from "./site-routes.ts";
import { stateRoute } from "./state-route.ts";
import { staticRoutes } from "./static-routes.ts";
import { systemRoute } from "./system-route.ts";
import { timelineRoute } from "./timeline-route.ts";
import { tokenRoutes } from "./token-routes.ts";
import { voteLane, voteRoute } from "./vote-route.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/** The API: what a server needs to serve it. */
export interface Api {
  readonly listener: RequestListener;
  /** Votes that need no HTTP parser; without it they take the listener. */
  readonly plain: AnswerPlain;
}

/**
 * Starts the API; its connections close with the lifecycle.
 * @param checks what `/readyz` asks; those of the API come to them
 */
export async function startApi(
  config: Config,
  desk: VoteDesk,
  lifecycle: Lifecycle,
  log: Log,
  checks: Record<string, ReadyCheck> = {},
): Promise<Api> {
  const redis = openRedis("reader", config, lifecycle, log, desk.metrics);
  await whenConnected(redis);
  const addressOf = openAddressOf(config.trustProxy);
  Object.assign(checks, {
    redis: () => faultOfRedis(redis),
    ...deskChecks(desk),
    ...stoppingCheck(lifecycle),
  });
  const tokens = new Tokens(redis, config.adminToken);
  const { metrics, sites } = desk;
  const orders = new OrderQueue(openRedis("producer", config, lifecycle, log, metrics), (error) =>
    log.debug({ reason: error.message }, "orders"),
  );
  lifecycle.onStop("orders", () => orders.close());
  const requireScope = openRequireScope({ tokens, addressOf, metrics, limits: config.limits });
  const routes: RequestHandler[] = [
    operationsRoutes(metrics, checks),
    readerRoutes(desk, redis, addressOf),
    hotRoute(desk, redis),
    timelineRoute(desk, redis),
    badgeRoute(sites, redis),
    publisherRoutes(sites, redis, requireScope),
    embedRoutes(sites, redis, log),
    tokenRoutes({ redis, tokens, sites, requireScope, now_ms: () => desk.now_ms() }),
    orderRoutes({ desk, redis, orders, requireScope, addressOf, limits: config.limits }),
    moveRoute({ desk, redis, orders, addressOf, limits: config.limits }),
    exportRoute({ desk, redis, requireScope, log }),
    importRoute({ desk, redis, requireScope }),
    baseRoutes({ desk, redis, requireScope }),
    stateRoute({ desk, redis, requireScope }),
    systemRoute({ desk, redis, requireScope }),
    webhookRoutes({ desk, redis, requireScope }),
    siteRoutes({ siteBook: desk.siteBook, redis, requireScope }),
    docsRoutes(packageVersion()),
    staticRoutes(),
  ];
  const app = openApp(routes, sites, config.trustProxy, log);
  const reads = countsRoute({ sites, redis, log }, app);
  const votes = { desk, awaitTally: openAwaitTally(redis), addressOf, log };
  return { listener: voteRoute(votes, reads), plain: voteLane(votes) };
}
