/** `npm run start:realtime`: live counts as a process of their own; any number of them. */
import express from "express";
import { beginToListen, closeOnStop, openHttpServer } from "../../shared/runtime/http-server.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import { stoppingCheck } from "../../shared/runtime/operations.ts";
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { runService } from "../../shared/runtime/run-service.ts";
import { sayDurability } from "../../shared/runtime/say-durability.ts";
import { serveOperations } from "../../shared/runtime/serve-operations.ts";
import { openVoteDesk } from "../../shared/votes/vote-desk.ts";
import { startRealtime } from "./start-realtime.ts";

/** Half of the time that a stop may take: a balancer notices within it, and neighbours get viewers one by one. */
const RELEASE_MS = 4_000;

await runService("realtime", async (config, lifecycle, log) => {
  const metrics = openMetrics();
  sayDurability(openRedis("reader", config, lifecycle, log), log);
  const desk = await openVoteDesk(config, metrics, lifecycle, log);
  const app = express();
  const server = openHttpServer(app);
  // Closed last: on the way out sockets end before the server waits for its connections.
  closeOnStop(server, lifecycle);
  const checks = await startRealtime(config, desk, server, lifecycle, log, { release_ms: RELEASE_MS });
  serveOperations(app, metrics, { ...checks, ...stoppingCheck(lifecycle) }, log);
  // Only now: viewers that come back the moment it listens would be told that there is nothing here.
  const address = await beginToListen(server, config.host, config.port);
  log.info({ address }, "realtime listens");
});
