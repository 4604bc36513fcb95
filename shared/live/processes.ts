/** The processes of the service: each tells of itself every few seconds, in a key that expires. */
import { isObject } from "../contract/object.ts";
import {
  type Latency,
  type ProcessState,
  parseLatency,
  parseProcess,
  parseRates,
} from "../contract/system.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";

/** A process that has not told of itself for so long is gone. */
export const PROCESS_KEPT_MS = 15_000;

const LIST = "{processes}";
const stateKey = (id: string): string => `{processes}:${id}`;

/** What a process tells. */
export interface ProcessReport extends ProcessState {
  /** A second, over the last 10 s. */
  readonly accepted: number;
  readonly tallied: number;
  /** By problem code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly commit: Latency;
  readonly tally: Latency;
}

/** Tells of one process. */
export async function tellProcess(redis: RedisConnection, report: ProcessReport): Promise<void> {
  const { id, at } = report;
  await redis
    .multi()
    .set(stateKey(id), JSON.stringify(report), "PX", PROCESS_KEPT_MS)
    .zadd(LIST, at, id)
    .zremrangebyscore(LIST, 0, at - PROCESS_KEPT_MS)
    .exec();
}

/** A process that stops says so. */
export async function forgetProcess(redis: RedisConnection, id: string): Promise<void> {
  await redis.multi().del(stateKey(id)).zrem(LIST, id).exec();
}

/** All that are alive, the longest-lived first. */
export async function readProcesses(redis: RedisConnection): Promise<readonly ProcessReport[]> {
  const ids = await redis.zrangebyscore(LIST, "-inf", "+inf");
  const states = ids.length === 0 ? [] : await redis.mget(ids.map(stateKey));
  return states
    .map((state) => (state === null ? undefined : parseReport(JSON.parse(state))))
    .filter((report) => report !== undefined)
    .sort((a, b) => a.since - b.since);
}

function parseReport(value: unknown): ProcessReport | undefined {
  const state = parseProcess(value);
  if (state === undefined || !isObject(value)) return undefined;
  const { accepted, tallied } = value;
  const refused = parseRates(value.refused);
  const [commit, tally] = [parseLatency(value.commit), parseLatency(value.tally)];
  if (typeof accepted !== "number" || typeof tallied !== "number" || refused === undefined) return undefined;
  if (commit === undefined || tally === undefined) return undefined;
  return { ...state, accepted, tallied, refused, commit, tally };
}
