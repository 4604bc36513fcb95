/** Realtime as a process of its own. */
import express from "express";
import { listen, openHttpServer } from "../../shared/runtime/http-server.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import { operationsRoutes } from "../../shared/runtime/operations.ts";
import { runService } from "../../shared/runtime/run-service.ts";
import { openVoteDesk } from "../../shared/votes/vote-desk.ts";
import { startRealtime } from "./start-realtime.ts";

await runService("realtime", async (config, lifecycle, log) => {
  const metrics = openMetrics();
  const desk = await openVoteDesk(config, metrics, lifecycle, log);
  const app = express().disable("x-powered-by");
  const server = openHttpServer(app);
  // Listens before it serves sockets, so that on the way out sockets end before the server waits for its connections.
  const address = await listen(server, config.host, config.port, lifecycle);
  app.use(operationsRoutes(metrics, await startRealtime(config, desk, server, lifecycle, log)));
  log.info({ address }, "realtime listens");
});
