/** What every measurement is given, and how it reads the processor's time. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { RedisConnection } from "../../../shared/runtime/redis-connections.ts";

export interface Bench {
  /** Small enough for the gate. */
  readonly quick: boolean;
  readonly say: (figure: string, value: string) => void;
}

/** Processor time that Redis has used so far, in µs, its threads for the disk included. */
export async function redisCpu_us(redis: RedisConnection): Promise<number> {
  const info = await redis.info("cpu");
  const of = (name: string) => Number(new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1] ?? Number.NaN);
  return (of("used_cpu_user") + of("used_cpu_sys")) * 1_000_000;
}

/** The process that a connection's Redis is. */
export async function redisPid(redis: RedisConnection): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(await redis.info("server"))?.[1]);
}

const TICKS_A_SECOND = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Processor time that a process has used so far, in µs (Linux). */
export function processCpu_us(pid: number): number {
  const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const fields = rest.split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1_000_000;
}

/** Memory of a process that is in RAM, in kB (Linux). */
export function processMemory_kb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** The value below which that share of all lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
