/**
 * Redis connections by role. Each role has its own manners when Redis is away; sharing one connection would give one of
 * them the wrong ones.
 */
import { Cluster, Redis } from "ioredis";
import type { Config } from "./config.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Log } from "./log.ts";
import { within } from "./within.ts";

/** One Redis or a Cluster; both take the same commands. */
export type RedisConnection = Redis | Cluster;

/**
 * - `producer`: stores commits; fails fast, so that a reader hears 503 instead of waiting.
 * - `reader`: answers requests; fails fast too, and keeps large reads away from the commits.
 * - `worker`: waits for as long as it takes: the jobs are safe where they are.
 * - `subscriber`: hears of changes; subscribes anew by itself after a reconnect.
 */
export type RedisRole = "producer" | "reader" | "worker" | "subscriber";

/** Longest that a fail-fast role waits for an answer; refusals must be out within 2 s. */
export const COMMAND_MS_MAX = 1_500;

const PATIENT = { maxRetriesPerRequest: null, enableOfflineQueue: true };

const FAIL_FAST = {
  // A command that Redis never answered is not sent again: whoever waits hears that its fate is unknown.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  // Without it a command whose answer got lost would never settle.
  commandTimeout: COMMAND_MS_MAX,
};

const MANNERS: Readonly<Record<RedisRole, typeof PATIENT | typeof FAIL_FAST>> = {
  producer: FAIL_FAST,
  reader: FAIL_FAST,
  worker: PATIENT,
  subscriber: PATIENT,
};

/** Where Redis is. */
export type RedisAddress = Pick<Config, "redisUrl" | "redisCluster">;

/** Opens a connection for one role; it is closed when the lifecycle stops. Does not wait until Redis answers. */
export function openRedis(
  role: RedisRole,
  address: RedisAddress,
  lifecycle: Lifecycle,
  log: Log,
): RedisConnection {
  const redis = connect(role, address);
  let silent = false;
  redis.on("error", (error: Error) => {
    // One line per outage: a Redis that is away would otherwise fill the log with retries.
    if (!silent) log.warn({ role, reason: error.message }, "Redis does not answer");
    silent = true;
  });
  redis.on("ready", () => {
    if (silent) log.info({ role }, "Redis answers again");
    silent = false;
  });
  lifecycle.onStop(`Redis ${role}`, () => redis.disconnect());
  return redis;
}

function connect(role: RedisRole, address: RedisAddress): RedisConnection {
  const options = {
    ...MANNERS[role],
    connectionName: `reader-reactions-${role}`,
    connectTimeout: 2_000,
    // Commands keep the reply shapes that BullMQ and this code expect.
    replyMapping: "legacy",
  } as const;
  if (address.redisCluster === undefined) {
    return new Redis(address.redisUrl ?? "redis://127.0.0.1:6379", {
      ...options,
      retryStrategy: retryAfter_ms,
    });
  }
  const { enableOfflineQueue, ...redisOptions } = options;
  return new Cluster([...address.redisCluster], {
    redisOptions,
    enableOfflineQueue,
    clusterRetryStrategy: retryAfter_ms,
    // Without it some subscriptions of a cluster fail with MOVED.
    shardedSubscribers: role === "subscriber",
  });
}

/** Longest that a starting service waits for Redis before it goes on without; it is not ready then, and says so. */
const FIRST_ANSWER_MS_MAX = 2_000;

/** Resolves once the connection stands, or after a while without: connecting goes on by itself. */
export async function whenConnected(redis: RedisConnection): Promise<void> {
  if (redis.status === "ready") return;
  const ready = new Promise<void>((resolve) => redis.once("ready", () => resolve()));
  await within(FIRST_ANSWER_MS_MAX, ready, "Redis has not answered yet").catch(() => {});
}

/** Quick at first, then once a second: the first vote after an outage must not wait for a long pause to end. */
function retryAfter_ms(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 5), 1_000);
}
