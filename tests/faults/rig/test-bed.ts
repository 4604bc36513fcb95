/** The services as an operator runs them: real processes of the compiled code on a Redis of their own. */

import { type RedisProcess, startRedisProcess } from "../../support/redis-process.ts";
import { ServiceProcess } from "../../support/service-process.ts";
import { SECRET } from "./voters.ts";

export interface TestBed {
  readonly redis: RedisProcess;
  readonly apis: readonly ServiceProcess[];
  readonly workers: readonly ServiceProcess[];
  readonly realtimes: readonly ServiceProcess[];
  /** Ends all of it and takes the data away. */
  stop(): Promise<void>;
}

export interface TestBedSize {
  readonly apis: number;
  readonly workers: number;
  readonly realtimes: number;
}

export async function startTestBed(size: TestBedSize): Promise<TestBed> {
  const redis = await startRedisProcess();
  const env = { REDIS_URL: redis.url, SECRET, LIMITS: "off" };
  const begin = (name: "api" | "worker" | "realtime", count: number) =>
    Promise.all(Array.from({ length: count }, () => ServiceProcess.begin(name, env)));
  const [apis, workers, realtimes] = await Promise.all([
    begin("api", size.apis),
    begin("worker", size.workers),
    begin("realtime", size.realtimes),
  ]);
  return {
    redis,
    apis,
    workers,
    realtimes,
    stop: async () => {
      await Promise.all([...apis, ...workers, ...realtimes].map((service) => service.kill()));
      await redis.stop();
    },
  };
}
