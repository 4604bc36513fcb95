/** `npm run start:worker`: the worker as a process of its own, any number of them; listens for operators only. */
import express from "express";
import { openTellProcess } from "../../shared/live/tell-process.ts";
import { listen, openHttpServer } from "../../shared/runtime/http-server.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import { stoppingCheck } from "../../shared/runtime/operations.ts";
import { faultOfRedis, openRedis } from "../../shared/runtime/redis-connections.ts";
import { runService } from "../../shared/runtime/run-service.ts";
import { sayDurability } from "../../shared/runtime/say-durability.ts";
import { serveOperations } from "../../shared/runtime/serve-operations.ts";
import { queueCheck } from "../../shared/votes/queue-check.ts";
import { VoteQueue } from "../../shared/votes/vote-queue.ts";
import { startWorker } from "./start-worker.ts";

await runService("worker", async (config, lifecycle, log) => {
  const metrics = openMetrics();
  const redis = openRedis("reader", config, lifecycle, log, metrics);
  sayDurability(redis, log);
  openTellProcess("worker", redis, metrics, lifecycle, log);
  startWorker(config, metrics, lifecycle, log);
  const queue = new VoteQueue(redis, { shards: config.queueShards });
  lifecycle.onStop("vote queue", () => queue.close());
  const checks = {
    redis: () => faultOfRedis(redis),
    queue: queueCheck(queue),
    ...stoppingCheck(lifecycle),
  };
  const app = express();
  serveOperations(app, metrics, checks, log);
  const server = openHttpServer(app);
  log.info({ address: await listen(server, config.host, config.port, lifecycle) }, "the worker tallies");
});
