/** A process tells of itself, for `GET system`. */
import { randomBytes } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ProcessKind } from "../contract/system.ts";
import type { Lifecycle } from "../runtime/lifecycle.ts";
import type { Log } from "../runtime/log.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { packageVersion } from "../runtime/package-version.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { repeat } from "../runtime/repeat.ts";
import { between, type Reading, readMetrics } from "./measure-process.ts";
import { forgetProcess, tellProcess } from "./processes.ts";

const PAUSE_MS = 5_000;

/** Rates are those of so many tellings. */
const TELLINGS = 2;

/** @param redis a connection that fails fast; @param sockets how many are open */
export function openTellProcess(
  kind: ProcessKind,
  redis: RedisConnection,
  metrics: Metrics,
  lifecycle: Lifecycle,
  log: Log,
  sockets: () => number = () => 0,
): void {
  const id = randomBytes(6).toString("base64url");
  const since = Date.now();
  const version = packageVersion();
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const readings: Reading[] = [];
  const tell = async (): Promise<void> => {
    const after = await readMetrics(metrics, performance.now());
    readings.push(after);
    if (readings.length > TELLINGS + 1) readings.shift();
    const [seconds, microseconds] = await redis.time();
    const at = Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
    const lag_ms = Math.round(delay.percentile(99) / 1e4) / 100;
    delay.reset();
    const memory_bytes = process.memoryUsage.rss();
    const state = { id, kind, since, at, version, memory_bytes, lag_ms, sockets: sockets() };
    await tellProcess(redis, { ...state, ...between(readings[0] ?? after, after) });
  };
  lifecycle.onStop("process told of", async () => {
    delay.disable();
    // One that is killed is forgotten after a while anyway.
    await forgetProcess(redis, id).catch(() => {});
  });
  repeat("process", PAUSE_MS, tell, lifecycle, (error) => log.debug({ reason: String(error) }, "not told"));
}
