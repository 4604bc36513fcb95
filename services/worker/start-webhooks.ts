/** The queue of alerts on their way to webhooks, and the BullMQ worker that sends them. */
import { Queue, Worker } from "bullmq";
import type { Alert } from "../../shared/contract/alerts.ts";
import { storedWebhooks } from "../../shared/live/webhook-store.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { AlertJob } from "./alert-job.ts";
import { closeWorker } from "./close-worker.ts";
import { sendAlert } from "./send-alert.ts";

const WEBHOOKS_QUEUE = "webhooks";

/** BullMQ's key prefix; the braces keep the queue in one slot of a Cluster. */
const WEBHOOKS_PREFIX = "{webhooks}";

/** Receivers that are waited for at a time. */
const CONCURRENCY = 10;

/** Pauses of 5 s, 10 s, 20 s, … : the twelfth try comes after almost three hours. */
const ATTEMPTS = 12;
const FIRST_PAUSE_MS = 5_000;

/** Sends an alert to the webhooks of a site that want it; to one of them only, when it is named. */
export type SendAlert = (site: string, alert: Alert, only?: string) => Promise<void>;

/** @param redis a connection of the role `worker` */
export function startWebhooks(
  redis: RedisConnection,
  allowPrivate: boolean,
  lifecycle: Lifecycle,
  log: Log,
): SendAlert {
  const report = (error: unknown): void => log.debug({ reason: String(error) }, "webhooks");
  const options = { connection: redis, prefix: WEBHOOKS_PREFIX };
  const queue = new Queue(WEBHOOKS_QUEUE, options);
  queue.on("error", report);
  lifecycle.onStop("webhooks queue", () => queue.close());
  const worker = new Worker<unknown>(
    WEBHOOKS_QUEUE,
    (job) => sendAlert(redis, job, allowPrivate, Date.now()),
    { ...options, concurrency: CONCURRENCY },
  );
  worker.on("error", report);
  worker.on("failed", (job, error) =>
    log.info({ job: job?.id, reason: error.message }, "an alert was not taken"),
  );
  lifecycle.onStop("webhooks", () => closeWorker(worker, redis));
  return async (site, alert, only) => {
    for (const { name, kinds, parkedAt } of await storedWebhooks(redis, site)) {
      if (parkedAt !== undefined || (only === undefined ? !kinds.includes(alert.why.kind) : name !== only))
        continue;
      const job: AlertJob = { site, webhook: name, alert };
      await queue.add(WEBHOOKS_QUEUE, job, {
        // Added twice it is one job.
        jobId: `${site}_${name}_${alert.id}`,
        attempts: ATTEMPTS,
        backoff: { type: "exponential", delay: FIRST_PAUSE_MS },
        removeOnComplete: true,
        removeOnFail: true,
      });
    }
  };
}
