/**
 * Redis connections by role. Each role has its own manners when Redis is away; sharing one connection would give one of
 * them the wrong ones.
 */
import { Cluster, Redis } from "ioredis";
import { TOPOLOGY_PAUSE_MS, watchCluster } from "./cluster-watch.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { RedisAddress } from "./redis-address.ts";
import { repeat } from "./repeat.ts";
import { LastingSentinelConnector } from "./sentinel-connector.ts";
import { SettlingCluster } from "./settling-cluster.ts";
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

/**
 * How long a connection may owe answers and say nothing; then it is given up, and another one is made. A network that forgot a
 * connection, or a host that vanished, lets it stand for a quarter of an hour. The worker's may wait for jobs for ten seconds.
 */
const SILENCE_MS_MAX: Readonly<Record<RedisRole, number>> = {
  producer: 4_000,
  reader: 4_000,
  worker: 15_000,
  subscriber: 4_000,
};

/**
 * How often a Redis that reads its data after a start is asked whether it has done so, ms. ioredis would wait for as long as Redis
 * reckons, up to ten seconds. Redis counts whole seconds: where the second changes just after it began, it takes a tenth of its data
 * for the work of a second, and reckons with nine more.
 */
const LOADING_PAUSE_MS = 250;

/** How often a subscriber, which is owed nothing, asks for a sign of life. */
const SIGN_PAUSE_MS = 5_000;

/** Different reasons that one outage is logged with; Sentinels take turns in giving theirs. */
const REASONS_MAX = 10;

/** Why a connection is not there, for the log and for `/readyz`; undefined while it is. */
const REASONS = new WeakMap<RedisConnection, string>();

/** Opens a connection for one role; it is closed when the lifecycle stops. Does not wait until Redis answers. */
export function openRedis(
  role: RedisRole,
  address: RedisAddress,
  lifecycle: Lifecycle,
  log: Log,
  metrics?: Metrics,
): RedisConnection {
  const redis = connect(role, address);
  let wasReady = false;
  const said = new Set<string>();
  const onFault = (error: Error): void => {
    // What each of the Sentinels said has been told by then, and says more.
    if (error.message.startsWith("All sentinels are unreachable")) return;
    const reason = reasonOf(error);
    REASONS.set(redis, reason);
    // One line per outage and reason: a Redis that is away would otherwise fill the log with retries.
    if (said.has(reason) || said.size === REASONS_MAX) return;
    said.add(reason);
    log.warn({ role, reason }, "Redis does not answer");
  };
  redis.on("error", onFault);
  redis.on("sentinelError", onFault);
  redis.on("ready", () => {
    if (REASONS.delete(redis)) log.info({ role }, "Redis answers again");
    said.clear();
    metrics?.reconnects.inc({ role }, wasReady ? 1 : 0);
    wasReady = true;
  });
  lifecycle.onStop(`Redis ${role}`, () => redis.disconnect());
  if (redis instanceof Cluster)
    watchCluster(redis, lifecycle, (reason) => log.warn({ role, reason }, "Cluster"));
  // A Cluster has subscribers that it does not show; they are asked when a check finds that a page missed something.
  else if (role === "subscriber")
    repeat(
      "sign of life",
      SIGN_PAUSE_MS,
      () => redis.ping(),
      lifecycle,
      () => {},
    );
  return redis;
}

/**
 * Asks every Redis that holds something for a sign of life; resolves to what is wrong, in words, or to undefined. Never
 * rejects, and may take as long as a command may.
 */
export async function faultOfRedis(redis: RedisConnection): Promise<string | undefined> {
  if (redis.status !== "ready") return REASONS.get(redis) ?? "not connected to Redis";
  try {
    if (redis instanceof Redis) await redis.ping();
    else await Promise.all(mastersOf(redis).map((master) => master.ping()));
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** @throws when nobody is connected to a master that slots belong to */
function mastersOf(cluster: Cluster): readonly Redis[] {
  const nodes = new Map(cluster.nodes().map((node) => [`${node.options.host}:${node.options.port}`, node]));
  const names = new Set(cluster.slots.map(([master]) => master));
  return [...names].map((name = "nobody") => {
    const node = nodes.get(name);
    if (node === undefined) throw new Error(`${name}, which should hold a part of the data, does not answer`);
    return node;
  });
}

/** A Cluster only says that it asked in vain; what the node said stands inside. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = "lastNodeError" in error ? error.lastNodeError : undefined;
  return inner instanceof Error ? `${error.message} ${inner.message}` : error.message;
}

function connect(role: RedisRole, address: RedisAddress): RedisConnection {
  const { redisUrl, redisCluster, redisSentinel, redisLogin = {}, redisTls } = address;
  const { enableOfflineQueue, ...manners } = MANNERS[role];
  const options = {
    ...manners,
    ...redisLogin,
    ...(redisTls === undefined ? {} : { tls: { ...redisTls } }),
    connectionName: `reader-reactions-${role}`,
    connectTimeout: 2_000,
    keepAlive: 5_000,
    socketTimeout: SILENCE_MS_MAX[role],
    maxLoadingRetryTime: LOADING_PAUSE_MS,
    // Commands keep the reply shapes that BullMQ and this code expect.
    replyMapping: "legacy",
  } as const;
  if (redisCluster !== undefined) {
    return new SettlingCluster([...redisCluster], {
      redisOptions: options,
      enableOfflineQueue,
      clusterRetryStrategy: retryAfter_ms,
      // ioredis learns of a new topology only from an error that a command happens to meet; a node that is frozen, or
      // that came back, or that only subscribers talk to, never shows one (redis/ioredis issues 587, 1732, 1988). This
      // one is for the copies that BullMQ makes of a connection; watchCluster does more for our own.
      slotsRefreshInterval: TOPOLOGY_PAUSE_MS,
      slotsRefreshTimeout: 1_000,
      retryDelayOnFailover: 100,
      // A node may be known by its name only, which is what its certificate says.
      ...(redisTls === undefined ? {} : { dnsLookup: keepName }),
      // Without it some subscriptions of a cluster fail with MOVED.
      shardedSubscribers: role === "subscriber",
    });
  }
  const single = { ...options, enableOfflineQueue, retryStrategy: retryAfter_ms } as const;
  if (redisSentinel === undefined) return new Redis(redisUrl ?? "redis://127.0.0.1:6379", single);
  return new Redis({
    ...single,
    Connector: LastingSentinelConnector,
    sentinels: redisSentinel.nodes.map((node) => ({ ...node })),
    name: redisSentinel.master,
    db: redisSentinel.db,
    ...redisSentinel.login,
    ...(redisTls === undefined ? {} : { sentinelTLS: { ...redisTls }, enableTLSForSentinelMode: true }),
    sentinelRetryStrategy: retryAfter_ms,
    sentinelCommandTimeout: 2_000,
    // A master that is frozen, or cut off without a word, keeps its connections open; Sentinels tell who took its place.
    failoverDetector: true,
    // A master that was put down to a replica answers so; the next one is asked for.
    reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 1 : false),
  });
}

function keepName(name: string, answer: (error: null, address: string) => void): void {
  answer(null, name);
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
