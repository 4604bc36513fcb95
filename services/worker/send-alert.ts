/** A job of the webhooks' queue: one try, its line in the log, and what follows from it. */
import { type Job, UnrecoverableError } from "bullmq";
import {
  logDelivery,
  noteDelivered,
  noteFailed,
  parkWebhook,
  storedWebhook,
} from "../../shared/live/webhook-store.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { fromAlertJob } from "./alert-job.ts";
import { deliverAlert } from "./deliver-alert.ts";

/** Once every try has failed for so long, a webhook is parked. */
export const FAILING_MS_MAX = 3_600_000;

/**
 * @param now_ms the host's time: it is compared with itself only
 * @throws Error: to be tried again; UnrecoverableError: not any more
 */
export async function sendAlert(
  redis: RedisConnection,
  job: Pick<Job<unknown>, "id" | "data" | "attemptsMade" | "opts">,
  allowPrivate: boolean,
  now_ms: number,
): Promise<void> {
  const { site, webhook: name, alert } = fromAlertJob(job.data);
  const webhook = await storedWebhook(redis, site, name);
  // It was removed or parked since.
  if (webhook === undefined || webhook.parkedAt !== undefined) return;
  const message = job.id ?? alert.id;
  const { ok, ...answer } = await deliverAlert(webhook, message, site, alert, allowPrivate);
  const attempt = job.attemptsMade + 1;
  const line = {
    at: now_ms,
    webhook: name,
    message,
    kind: alert.why.kind,
    page: alert.page,
    attempt,
    ...answer,
  };
  if (ok) {
    await noteDelivered(redis, site, name);
    await logDelivery(redis, site, { ...line, outcome: "delivered" });
    return;
  }
  const since = await noteFailed(redis, site, name, now_ms);
  const parked = now_ms - since >= FAILING_MS_MAX;
  if (parked) await parkWebhook(redis, site, webhook, now_ms);
  const last = parked || attempt >= (job.opts.attempts ?? 1);
  await logDelivery(redis, site, { ...line, outcome: last ? "given-up" : "failed" });
  const reason = answer.reason ?? "not delivered";
  throw parked ? new UnrecoverableError(reason) : new Error(reason);
}
