/** `npm run start:api`: the API as a process of its own; any number of them. */
import { openTellProcess } from "../../shared/live/tell-process.ts";
import { drainFirst, listen, openHttpServer } from "../../shared/runtime/http-server.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { runService } from "../../shared/runtime/run-service.ts";
import { openVoteDesk } from "../../shared/votes/vote-desk.ts";
import { startApi } from "./start-api.ts";

await runService("api", async (config, lifecycle, log) => {
  const metrics = openMetrics();
  const desk = await openVoteDesk(config, metrics, lifecycle, log);
  openTellProcess("api", openRedis("reader", config, lifecycle, log), metrics, lifecycle, log);
  const server = openHttpServer(await startApi(config, desk, lifecycle, log));
  const address = await listen(server, config.host, config.port, lifecycle);
  drainFirst(server, lifecycle);
  log.info({ address }, "the API listens");
});
