/** Something that one of all workers does again and again: a BullMQ job, so that never two do it at a time. */
import { Queue, Worker } from "bullmq";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { repeat } from "../../shared/runtime/repeat.ts";
import { closeWorker } from "./close-worker.ts";

/** After a failure Redis is asked again so soon. */
const SCHEDULE_PAUSE_MS = 2_000;

/**
 * @param redis a connection of the role `worker`
 * @param name of the queue, and its key prefix; the braces keep the queue in one slot of a Cluster
 * @param every_ms between two beginnings
 * @param look gets Redis time, ms
 */
export function runEvery(
  redis: RedisConnection,
  name: string,
  every_ms: number,
  look: (now_ms: number) => Promise<void>,
  lifecycle: Lifecycle,
  log: Log,
): void {
  const report = (error: unknown): void => log.debug({ reason: String(error) }, name);
  const options = { connection: redis, prefix: `{${name}}` };
  const queue = new Queue(name, options);
  queue.on("error", report);
  lifecycle.onStop(`${name} queue`, () => queue.close());
  const run = async (): Promise<void> => {
    const [seconds, microseconds] = await redis.time();
    await look(Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000));
  };
  const worker = new Worker(name, run, { ...options, concurrency: 1 });
  worker.on("error", report);
  worker.on("failed", (_job, error) => log.warn({ reason: error.message }, `${name} failed`));
  lifecycle.onStop(name, () => closeWorker(worker, redis));
  const schedule = async (): Promise<void> => {
    await queue.setGlobalConcurrency(1);
    // One scheduler however many workers: setting it again changes nothing.
    const kept = { removeOnComplete: true, removeOnFail: { count: 10 } };
    await queue.upsertJobScheduler(name, { every: every_ms }, { name, opts: kept });
  };
  let scheduled = false;
  const scheduleOnce = async (): Promise<void> => {
    if (scheduled) return;
    await schedule();
    scheduled = true;
  };
  repeat(`schedule of ${name}`, SCHEDULE_PAUSE_MS, scheduleOnce, lifecycle, report);
}
