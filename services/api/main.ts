/** `npm run start:api`: the API as a process of its own; any number of them. */
import { openTellProcess } from "../../shared/live/tell-process.ts";
import { beginToListen, closeOnStop, drainFirst, openHttpServer } from "../../shared/runtime/http-server.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import { openPlainLane } from "../../shared/runtime/plain-lane.ts";
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { runService } from "../../shared/runtime/run-service.ts";
import { sayDurability } from "../../shared/runtime/say-durability.ts";
import { openVoteDesk } from "../../shared/votes/vote-desk.ts";
import { startApi } from "./start-api.ts";

await runService("api", async (config, lifecycle, log) => {
  const metrics = openMetrics();
  const desk = await openVoteDesk(config, metrics, lifecycle, log);
  const redis = openRedis("reader", config, lifecycle, log);
  sayDurability(redis, log);
  openTellProcess("api", redis, metrics, lifecycle, log);
  const api = await startApi(config, desk, lifecycle, log);
  const server = openHttpServer(api.listener);
  closeOnStop(server, lifecycle);
  openPlainLane(server, api.plain, lifecycle);
  const address = await beginToListen(server, config.host, config.port);
  drainFirst(server, lifecycle);
  log.info({ address }, "the API listens");
});
