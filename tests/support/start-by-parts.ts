/** The whole service in this process, put together with parts of the test's own. */
import { startApi } from "../../services/api/start-api.ts";
import { type RealtimeOptions, startRealtime } from "../../services/realtime/start-realtime.ts";
import { startWorker } from "../../services/worker/start-worker.ts";
import { readConfig } from "../../shared/runtime/config.ts";
import { beginToListen, closeOnStop, openHttpServer } from "../../shared/runtime/http-server.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import type { Patience } from "../../shared/runtime/slow-clients.ts";
import { openVoteDesk } from "../../shared/votes/vote-desk.ts";
import type { VotesInHand } from "../../shared/votes/votes-in-hand.ts";
import { redisEnv } from "./redis-place.ts";
import { TEST_SECRET } from "./vote-load.ts";

export interface OwnParts {
  readonly inHand?: VotesInHand;
  readonly realtime?: RealtimeOptions;
  readonly patience?: Partial<Patience>;
  /** Settings that differ from a test's usual ones. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts all three services on a free port, with limits off; they end with the lifecycle.
 * @param redisUrl a URL, or a Cluster's place: see redis-place
 * @returns the address, as in `http://127.0.0.1:40123`
 */
export async function startByParts(
  redisUrl: string,
  lifecycle: Lifecycle,
  { inHand, realtime, patience, env }: OwnParts,
): Promise<string> {
  const config = readConfig({
    PORT: "0",
    ...redisEnv(redisUrl),
    SECRET: TEST_SECRET,
    LOG_LEVEL: "silent",
    LIMITS: "off",
    ...env,
  });
  const [metrics, log] = [openMetrics(), openLog("test", config.logLevel)];
  const desk = await openVoteDesk(config, metrics, lifecycle, log, inHand);
  startWorker(config, metrics, lifecycle, log);
  const api = await startApi(config, desk, lifecycle, log);
  const server = openHttpServer(api.listener, patience);
  closeOnStop(server, lifecycle);
  await startRealtime(config, desk, server, lifecycle, log, realtime);
  return await beginToListen(server, config.host, config.port);
}
