/** How the whole service is, over all of its processes: `GET /v1/sites/{site}/system`. */
import { isObject } from "./object.ts";

/** What a process does. `all` is `npm start`: the three in one. */
export const PROCESS_KINDS = ["api", "realtime", "worker", "all"] as const;
export type ProcessKind = (typeof PROCESS_KINDS)[number];

/** Quantiles of a latency over the last 10 s, in ms; null where nothing happened. */
export interface Latency {
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
}

/** One process that told of itself within the last 15 s. */
export interface ProcessState {
  /** Drawn at random when it started. */
  readonly id: string;
  readonly kind: ProcessKind;
  /** When it started, Unix ms. */
  readonly since: number;
  /** When it told of itself last, Redis time in ms. */
  readonly at: number;
  readonly version: string;
  readonly memory_bytes: number;
  /** How late its event loop is, ms, the 99th of 100. */
  readonly lag_ms: number;
  /** Open sockets, dashboards included. */
  readonly sockets: number;
}

export interface RedisState {
  readonly version: string;
  readonly usedMemory_bytes: number;
  /** 0: no limit. */
  readonly maxMemory_bytes: number;
  readonly appendonly: boolean;
  /** Whether the last write to disk went well; null where Redis does not say. */
  readonly lastWriteOk: boolean | null;
  /** What an accepted vote survives, as one sentence; and what is dangerous, as sentences. */
  readonly durability: string;
  readonly warnings: readonly string[];
  readonly roundTrip_ms: number;
}

export interface SystemState {
  /** Redis time, Unix ms. */
  readonly at: number;
  /** Of the package. */
  readonly version: string;
  /** Votes a second over the last 10 s, all sites and processes together. */
  readonly acceptedPerSecond: number;
  readonly talliedPerSecond: number;
  /** Refused votes a second by problem code; codes without any are left out. */
  readonly refusedPerSecond: Readonly<Record<string, number>>;
  readonly backlog: { readonly jobs: number; readonly age_ms: number; readonly failed: number };
  /** From sending a commit to its being stored, and the time of a job in the worker: the slowest process's. */
  readonly commit: Latency;
  readonly tally: Latency;
  readonly processes: readonly ProcessState[];
  readonly redis: RedisState;
}

/** The state from outside, checked; undefined when it is not well formed. */
export function parseSystemState(value: unknown): SystemState | undefined {
  if (!isObject(value) || !isObject(value.backlog) || !Array.isArray(value.processes)) return undefined;
  const { at, version, acceptedPerSecond, talliedPerSecond } = value;
  const { jobs, age_ms, failed } = value.backlog;
  const refusedPerSecond = parseRates(value.refusedPerSecond);
  const [commit, tally] = [parseLatency(value.commit), parseLatency(value.tally)];
  const redis = parseRedis(value.redis);
  if (!isNumber(at) || typeof version !== "string") return undefined;
  if (!isNumber(acceptedPerSecond) || !isNumber(talliedPerSecond)) return undefined;
  if (!isNumber(jobs) || !isNumber(age_ms) || !isNumber(failed)) return undefined;
  if (refusedPerSecond === undefined || redis === undefined) return undefined;
  if (commit === undefined || tally === undefined) return undefined;
  const processes = value.processes.map(parseProcess).filter((one) => one !== undefined);
  const backlog = { jobs, age_ms, failed };
  const rates = { acceptedPerSecond, talliedPerSecond, refusedPerSecond };
  return { at, version, ...rates, backlog, commit, tally, processes, redis };
}

/** A process's state, checked; undefined when it is not well formed. */
export function parseProcess(value: unknown): ProcessState | undefined {
  if (!isObject(value)) return undefined;
  const { id, since, at, version, memory_bytes, lag_ms, sockets } = value;
  const kind = PROCESS_KINDS.find((known) => known === value.kind);
  if (typeof id !== "string" || typeof version !== "string" || kind === undefined) return undefined;
  if (!isNumber(since) || !isNumber(at) || !isNumber(memory_bytes)) return undefined;
  if (!isNumber(lag_ms) || !isNumber(sockets)) return undefined;
  return { id, kind, since, at, version, memory_bytes, lag_ms, sockets };
}

/** Numbers by name; undefined when they are not well formed. */
export function parseRates(value: unknown): Readonly<Record<string, number>> | undefined {
  if (!isObject(value)) return undefined;
  const rows = Object.entries(value);
  if (!rows.every((row): row is [string, number] => isNumber(row[1]))) return undefined;
  return Object.fromEntries(rows);
}

/** Quantiles, checked; undefined when they are not well formed. */
export function parseLatency(value: unknown): Latency | undefined {
  if (!isObject(value)) return undefined;
  const { p50_ms, p99_ms } = value;
  if (!isNumberOrNull(p50_ms) || !isNumberOrNull(p99_ms)) return undefined;
  return { p50_ms, p99_ms };
}

function parseRedis(value: unknown): RedisState | undefined {
  if (!isObject(value) || !Array.isArray(value.warnings)) return undefined;
  const { version, usedMemory_bytes, maxMemory_bytes, appendonly, lastWriteOk, durability, roundTrip_ms } =
    value;
  const warnings: readonly unknown[] = value.warnings;
  if (typeof version !== "string" || typeof durability !== "string") return undefined;
  if (!isNumber(usedMemory_bytes) || !isNumber(maxMemory_bytes) || !isNumber(roundTrip_ms)) return undefined;
  if (typeof appendonly !== "boolean" || (lastWriteOk !== null && typeof lastWriteOk !== "boolean"))
    return undefined;
  if (!warnings.every((warning) => typeof warning === "string")) return undefined;
  const memory = { usedMemory_bytes, maxMemory_bytes };
  return { version, ...memory, appendonly, lastWriteOk, durability, warnings, roundTrip_ms };
}

function isNumberOrNull(value: unknown): value is number | null {
  return value === null || isNumber(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
