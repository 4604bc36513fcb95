/** Every fault by the name that `--only` takes. */
import { killAny } from "./kill-any.ts";
import { killApi } from "./kill-api.ts";
import { killRealtime } from "./kill-realtime.ts";
import { killRedis } from "./kill-redis.ts";
import { killWorker } from "./kill-worker.ts";
import { redisAway } from "./redis-away.ts";
import type { Fault } from "./rig/round.ts";

export const FAULTS: Readonly<Record<string, Fault>> = {
  "kill-worker": killWorker,
  "kill-api": killApi,
  "kill-realtime": killRealtime,
  "kill-redis": killRedis,
  "kill-any": killAny,
  "redis-away-10": redisAway(10),
};

/** What the gate runs once. */
export const SHORT: readonly string[] = ["kill-worker", "kill-any", "redis-away-10"];
