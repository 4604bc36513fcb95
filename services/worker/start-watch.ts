/** Looks at the sites every few seconds and tells of what is odd: a BullMQ job, so that of all workers one at a time does it. */
import { Queue, Worker } from "bullmq";
import { watchSite } from "../../shared/live/watch-site.ts";
import { watchThresholds } from "../../shared/live/watch-thresholds.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import type { SendAlert } from "./start-webhooks.ts";

const WATCH_QUEUE = "watch";

/** BullMQ's key prefix; the braces keep the queue in one slot of a Cluster. */
const WATCH_PREFIX = "{watch}";

/** Between the beginnings of two looks. */
const WATCH_MS = 15_000;

/** @param redis a connection of the role `worker` */
export function startWatch(
  redis: RedisConnection,
  sites: Sites,
  send: SendAlert,
  lifecycle: Lifecycle,
  log: Log,
): void {
  const report = (error: unknown): void => log.debug({ reason: String(error) }, "watch");
  const options = { connection: redis, prefix: WATCH_PREFIX };
  const queue = new Queue(WATCH_QUEUE, options);
  queue.on("error", report);
  lifecycle.onStop("watch queue", () => queue.close());
  const look = async (): Promise<void> => {
    const [seconds, microseconds] = await redis.time();
    const now_ms = Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
    for (const site of sites.values()) {
      for (const alert of await watchSite(redis, site, now_ms)) {
        log.info({ site: site.id, kind: alert.why.kind }, "an alert");
        await send(site.id, alert);
      }
      for (const { webhook, alert } of await watchThresholds(redis, site, now_ms)) {
        await send(site.id, alert, webhook);
      }
    }
  };
  const worker = new Worker(WATCH_QUEUE, look, { ...options, concurrency: 1 });
  worker.on("error", report);
  worker.on("failed", (_job, error) => log.warn({ reason: error.message }, "a look at the sites failed"));
  lifecycle.onStop("watch", () => worker.close());
  const schedule = async (): Promise<void> => {
    await queue.setGlobalConcurrency(1);
    // One scheduler however many workers: setting it again changes nothing.
    const kept = { removeOnComplete: true, removeOnFail: { count: 10 } };
    await queue.upsertJobScheduler(WATCH_QUEUE, { every: WATCH_MS }, { name: WATCH_QUEUE, opts: kept });
  };
  schedule().catch(report);
}
