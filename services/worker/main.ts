/** The worker as a process of its own; listens for operators only. */
import express from "express";
import { listen, openHttpServer } from "../../shared/runtime/http-server.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import { operationsRoutes } from "../../shared/runtime/operations.ts";
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { runService } from "../../shared/runtime/run-service.ts";
import { startWorker } from "./start-worker.ts";

await runService("worker", async (config, lifecycle, log) => {
  const metrics = openMetrics();
  const redis = openRedis("reader", config, lifecycle, log);
  startWorker(config, metrics, lifecycle, log);
  const routes = operationsRoutes(metrics, {
    redis: async () => ((await redis.ping()) === "PONG" ? undefined : "Redis answers, but not PONG"),
  });
  const server = openHttpServer(express().disable("x-powered-by").use(routes));
  log.info({ address: await listen(server, config.host, config.port, lifecycle) }, "the worker tallies");
});
