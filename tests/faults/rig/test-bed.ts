/** The services as an operator runs them: real processes of the compiled code on a Redis of their own. */

import { type RedisProcess, startRedisProcess } from "../../support/redis-process.ts";
import { type ServiceName, ServiceProcess } from "../../support/service-process.ts";
import { TcpProxy } from "../../support/tcp-proxy.ts";
import { SECRET } from "./voters.ts";

/** The networks that lead the services to Redis, one for each kind of service. */
export type Networks = Readonly<Record<ServiceName, TcpProxy>>;

export interface TestBed {
  readonly redis: RedisProcess;
  readonly apis: readonly ServiceProcess[];
  readonly workers: readonly ServiceProcess[];
  readonly realtimes: readonly ServiceProcess[];
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
  /** Where Redis keeps its data; default: a temporary folder. */
  readonly dataDir?: string;
  /** Settings of the nth API, as an operator would set them for one host. */
  readonly apiEnv?: (index: number) => Readonly<Record<string, string>>;
}

export async function startTestBed(plan: TestBedPlan): Promise<TestBed> {
  const redis = await startRedisProcess(plan.dataDir);
  const networks = plan.networks === true ? await openNetworks(redis) : undefined;
  const begin = (
    name: ServiceName,
    count: number,
    more: (index: number) => Readonly<Record<string, string>>,
  ) =>
    Promise.all(
      Array.from({ length: count }, (_, index) => {
        const REDIS_URL = networks === undefined ? redis.url : `redis://127.0.0.1:${networks[name].port}`;
        return ServiceProcess.begin(name, { REDIS_URL, SECRET, LIMITS: "off", ...more(index) });
      }),
    );
  const none = () => ({});
  const [apis, workers, realtimes] = await Promise.all([
    begin("api", plan.apis, plan.apiEnv ?? none),
    begin("worker", plan.workers, none),
    begin("realtime", plan.realtimes, none),
  ]);
  return {
    redis,
    apis,
    workers,
    realtimes,
    networks,
    stop: async () => {
      await Promise.all([...apis, ...workers, ...realtimes].map((service) => service.kill()));
      await Promise.all(Object.values(networks ?? {}).map((network) => network.stop()));
      await redis.stop();
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
