import type { Config } from "../../shared/runtime/config.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { findRedis } from "./find-redis.ts";
import { probeSystem } from "./probe-system.ts";
import { startRedis } from "./start-redis.ts";

/** An official image; REDIS_IMAGE names another. */
export const DEFAULT_IMAGE = "redis:7.4";

/** What may be left out. */
export interface OwnRedisOptions {
  /** Where PATH and REDIS_IMAGE are read from. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Finds, starts and keeps up a Redis of our own until the lifecycle stops. For a service that was given neither REDIS_URL
 * nor REDIS_CLUSTER, which nobody looks at here. The caller has locked the data folder (lock-data-dir).
 * @param announce hears lines for the console: what is passed over, fetched or installed
 * @throws NoRedisError when there is none to start; RedisEndedError when it does not come up
 */
export async function ensureRedis(
  config: Pick<Config, "dataDir" | "redisServerBin">,
  lifecycle: Lifecycle,
  announce: (line: string) => void,
  log: Log,
  { env = process.env }: OwnRedisOptions = {},
): Promise<{ url: string }> {
  const wish = { bin: config.redisServerBin, image: env.REDIS_IMAGE || DEFAULT_IMAGE };
  const source = await findRedis(wish, probeSystem(env, announce), announce);
  const { url } = await startRedis(source, { dataDir: config.dataDir, log }, lifecycle);
  return { url };
}
