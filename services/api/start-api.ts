/** Puts the API together. */
import type { RequestListener } from "node:http";
import type { RequestHandler } from "express";
import { OrderQueue } from "../../shared/moderation/order-queue.ts";
import { Tokens } from "../../shared/moderation/tokens.ts";
import { openAddressOf } from "../../shared/runtime/address-of.ts";
import type { Config } from "../../shared/runtime/config.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { operationsRoutes, type ReadyCheck } from "../../shared/runtime/operations.ts";
import { openRedis, whenConnected } from "../../shared/runtime/redis-connections.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { openApp } from "./app.ts";
import { openAwaitTally } from "./await-tally.ts";
import { baseRoutes } from "./base-routes.ts";
import { docsRoutes } from "./docs-routes.ts";
import { embedRoutes } from "./embed-routes.ts";
import { exportRoute } from "./export-route.ts";
import { hotRoute } from "./hot-route.ts";
import { importRoute } from "./import-route.ts";
import { orderRoutes } from "./order-routes.ts";
import { packageVersion } from "./package-version.ts";
import { publisherRoutes } from "./publisher-routes.ts";
import { openRequireScope } from "./require-scope.ts";
import { readerRoutes } from "./routes.ts";
import { stateRoute } from "./state-route.ts";
import { staticRoutes } from "./static-routes.ts";
import { tokenRoutes } from "./token-routes.ts";
import { voteRoute } from "./vote-route.ts";

/** A job that waited longer than this says that no worker takes votes. */
const BACKLOG_MS_MAX = 15_000;

/** The API as a listener for an HTTP server; its connections close with the lifecycle. */
export async function startApi(
  config: Config,
  desk: VoteDesk,
  lifecycle: Lifecycle,
  log: Log,
): Promise<RequestListener> {
  const redis = openRedis("reader", config, lifecycle, log);
  await whenConnected(redis);
  const addressOf = openAddressOf(config.trustProxy);
  const checks: Record<string, ReadyCheck> = {
    redis: async () => ((await redis.ping()) === "PONG" ? undefined : "Redis answers, but not PONG"),
    clock: async () => (desk.ready() ? undefined : "Redis's clock has not been read yet"),
    queue: async () => {
      const age_ms = await desk.queue.backlogAge_ms();
      return age_ms > BACKLOG_MS_MAX
        ? `the oldest votes have waited ${Math.round(age_ms / 1_000)} s for a worker`
        : undefined;
    },
  };
  const tokens = new Tokens(redis, config.adminToken);
  const { metrics, sites } = desk;
  const orders = new OrderQueue(openRedis("producer", config, lifecycle, log), (error) =>
    log.debug({ reason: error.message }, "orders"),
  );
  lifecycle.onStop("orders", () => orders.close());
  const requireScope = openRequireScope({ tokens, addressOf, metrics, limits: config.limits });
  const routes: RequestHandler[] = [
    operationsRoutes(metrics, checks),
    readerRoutes(desk, redis, addressOf),
    hotRoute(desk, redis),
    publisherRoutes(sites, redis, requireScope),
    embedRoutes(sites, redis, log),
    tokenRoutes({ redis, tokens, sites, requireScope, now_ms: () => desk.now_ms() }),
    orderRoutes({ desk, redis, orders, requireScope, addressOf, limits: config.limits }),
    exportRoute({ desk, redis, requireScope, log }),
    importRoute({ desk, redis, requireScope }),
    baseRoutes({ desk, redis, requireScope }),
    stateRoute({ desk, redis, requireScope }),
    docsRoutes(packageVersion()),
    staticRoutes(),
  ];
  const app = openApp(routes, config.trustProxy, log);
  return voteRoute({ desk, awaitTally: openAwaitTally(redis), addressOf, log }, app);
}
