/** The services as an operator runs them: real processes of the compiled code on a Redis of their own. */

import { readConfig } from "../../../shared/runtime/config.ts";
import { clusterPlace, redisEnv } from "../../support/redis-place.ts";
import { type RedisProcess, startRedisProcess } from "../../support/redis-process.ts";
import { type ServiceName, ServiceProcess } from "../../support/service-process.ts";
import { TcpProxy } from "../../support/tcp-proxy.ts";
import { startTestCluster, type TestCluster } from "../../support/test-cluster.ts";
import { makeLimitsEnv } from "./limits-env.ts";
import { ADMIN_TOKEN, SECRET } from "./voters.ts";

/** The networks that lead the services to Redis, one for each kind of service. */
export type Networks = Readonly<Record<ServiceName, TcpProxy>>;

export interface TestBed {
  /** Where the data is; see redis-place. */
  readonly place: string;
  /** Queue shards. */
  readonly shards: number;
  /** The one Redis, or else the Cluster. */
  readonly redis: RedisProcess | undefined;
  readonly cluster: TestCluster | undefined;
  readonly apis: readonly ServiceProcess[];
  readonly workers: readonly ServiceProcess[];
  readonly realtimes: readonly ServiceProcess[];
  /** Whether the services limit and hold, and believe what is said of readers' addresses. */
  readonly limits: boolean;
  /** Present when asked for; without, the services reach Redis as they would without us. */
  readonly networks: Networks | undefined;
  /** Ends all of it and takes the data away. */
  stop(): Promise<void>;
}

export interface TestBedPlan {
  readonly apis: number;
  readonly workers: number;
  readonly realtimes: number;
  /** Whether services reach Redis through a network that can be broken. */
  readonly networks?: boolean;
  /** Whether the services limit and hold as in production, but for limits of speed; otherwise `LIMITS` is off. */
  readonly limits?: boolean;
  /** A Cluster of three masters with a replica each, every node on a host of its own; a vote is accepted once a replica has it. */
  readonly cluster?: boolean;
  /** Where Redis keeps its data; default: a temporary folder. */
  readonly dataDir?: string;
  /** Settings of every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of the nth API, as an operator would set them for one host. */
  readonly apiEnv?: (index: number) => Readonly<Record<string, string>>;
}

export async function startTestBed(plan: TestBedPlan): Promise<TestBed> {
  const cluster = plan.cluster === true ? await startTestCluster({ apart: true }) : undefined;
  const redis = cluster === undefined ? await startRedisProcess(plan.dataDir) : undefined;
  const place = cluster === undefined ? (redis?.url ?? "") : clusterPlace(cluster.nodes);
  const networks = plan.networks === true && redis !== undefined ? await openNetworks(redis) : undefined;
  const safe: Readonly<Record<string, string>> = cluster === undefined ? {} : { VOTE_MIN_REPLICAS: "1" };
  const limits = plan.limits === true ? makeLimitsEnv() : undefined;
  const begin = (
    name: ServiceName,
    count: number,
    more: (index: number) => Readonly<Record<string, string>>,
  ) =>
    Promise.all(
      Array.from({ length: count }, (_, index) => {
        const way = networks === undefined ? place : `redis://127.0.0.1:${networks[name].port}`;
        return ServiceProcess.begin(name, {
          ...redisEnv(way),
          ...safe,
          SECRET,
          ADMIN_TOKEN,
          LIMITS: "off",
          ...limits?.env,
          ...plan.env,
          ...more(index),
        });
      }),
    );
  const none = () => ({});
  const [apis, workers, realtimes] = await Promise.all([
    begin("api", plan.apis, plan.apiEnv ?? none),
    begin("worker", plan.workers, none),
    begin("realtime", plan.realtimes, none),
  ]);
  return {
    place,
    shards: readConfig(redisEnv(place)).queueShards,
    redis,
    cluster,
    apis,
    workers,
    realtimes,
    limits: limits !== undefined,
    networks,
    stop: async () => {
      await Promise.all([...apis, ...workers, ...realtimes].map((service) => service.kill()));
      await Promise.all(Object.values(networks ?? {}).map((network) => network.stop()));
      await redis?.stop();
      await cluster?.stop();
      limits?.remove();
    },
  };
}

async function openNetworks({ url }: RedisProcess): Promise<Networks> {
  const port = Number(new URL(url).port);
  const [api, worker, realtime] = await Promise.all([
    TcpProxy.begin(port),
    TcpProxy.begin(port),
    TcpProxy.begin(port),
  ]);
  return { api, worker, realtime };
}
