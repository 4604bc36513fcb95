/** Puts the three services together in this process. */
import type { Server } from "node:http";
import type { RegisteredPage } from "../../shared/contract/registered-page.ts";
import type { Config } from "../../shared/runtime/config.ts";
import { closeOnStop, openHttpServer } from "../../shared/runtime/http-server.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import type { ReadyCheck } from "../../shared/runtime/operations.ts";
import { openPlainLane } from "../../shared/runtime/plain-lane.ts";
import { openRedis, whenConnected } from "../../shared/runtime/redis-connections.ts";
import { inspectRedis, type RedisFindings } from "../../shared/runtime/redis-settings.ts";
import { registerPages } from "../../shared/tallies/register-pages.ts";
import { openVoteDesk, type VoteDesk } from "../../shared/votes/vote-desk.ts";
import { startApi } from "../api/start-api.ts";
import { startRealtime } from "../realtime/start-realtime.ts";
import { startWorker } from "../worker/start-worker.ts";
import { keepSecrets } from "./keep-secrets.ts";
import { lockDataDir } from "./lock-data-dir.ts";
import { ensureRedis } from "./own-redis.ts";
import { registerDemo } from "./register-demo.ts";

export interface WholeService {
  /** Serves HTTP and sockets; listen on it. It closes with the lifecycle. */
  readonly server: Server;
  /** Gives the demo page's stories titles, where they have their own site; called with the address once it listens. */
  readonly registerDemo: (address: string) => Promise<void>;
  /** Takes votes past the API: for the demo, which votes in the past. */
  readonly desk: VoteDesk;
  /** Gives pages of the open site titles. */
  readonly registerPages: (pages: readonly RegisteredPage[]) => Promise<void>;
  /** Where the admin token is kept, for people. */
  readonly adminToken: string;
  /** Where Redis is, for people. */
  readonly redis: string;
  /** What an accepted vote survives, as one sentence. */
  readonly durability: string;
}

const AWAY: RedisFindings = {
  warnings: ["Redis does not answer yet: /readyz says why. Votes are refused until it does."],
  durability: "What an accepted vote survives could not be asked for.",
};

/**
 * Starts everything, with a Redis of our own unless the settings name one.
 * @param say hears lines for the console
 * @throws ConfigError, DataDirLockedError, NoRedisError, UnfitRedisError: each with a sentence for people
 */
export async function startAll(
  settings: Config,
  lifecycle: Lifecycle,
  say: (line: string) => void,
  log: Log,
): Promise<WholeService> {
  lockDataDir(settings.dataDir, lifecycle);
  const { adminTokenFile, ...kept } = keepSecrets(settings);
  const { redisUrl: url, redisSentinel, redisCluster } = settings;
  const given = [url, redisSentinel, redisCluster].some((redis) => redis !== undefined);
  const redisUrl = given ? url : (await ensureRedis(settings, lifecycle, say, log)).url;
  const config: Config = { ...settings, ...kept, redisUrl };

  const redis = openRedis("worker", config, lifecycle, log);
  await whenConnected(redis);
  // One that is away is waited for, with /readyz saying why; it must not keep the service from saying so.
  const findings = redis.status === "ready" ? await inspectRedis(redis) : AWAY;
  for (const warning of findings.warnings) say(`Warning: ${warning}`);

  const metrics = openMetrics();
  const desk = await openVoteDesk(config, metrics, lifecycle, log);
  startWorker(config, metrics, lifecycle, log);
  const checks: Record<string, ReadyCheck> = {};
  const api = await startApi(config, desk, lifecycle, log, checks);
  const server = openHttpServer(api.listener);
  // Closed last: on the way out sockets end before the server waits for its connections.
  closeOnStop(server, lifecycle);
  openPlainLane(server, api.plain, lifecycle);
  const ofSockets = await startRealtime(config, desk, server, lifecycle, log, { kind: "all" });
  // What both would ask is asked once.
  Object.assign(checks, { ...ofSockets, ...checks });
  return {
    server,
    registerDemo: async (address) => {
      // A publication of one's own has stories of its own.
      if (config.sitesFile === undefined) await registerDemo(redis, "default", address);
    },
    desk,
    registerPages: async (pages) => void (await registerPages(redis, "default", pages)),
    adminToken: adminTokenFile ?? "as set in ADMIN_TOKEN",
    redis: given ? "as set in REDIS_URL or REDIS_CLUSTER" : `our own, data kept in ${settings.dataDir}`,
    durability: findings.durability,
  };
}
