/** The shape of a job that sends an alert to one webhook. */
import { type Alert, parseAlert } from "../../shared/contract/alerts.ts";
import { isObject } from "../../shared/contract/object.ts";
import { isSiteId } from "../../shared/contract/site-id.ts";
import { isWebhookName } from "../../shared/contract/webhooks.ts";

export interface AlertJob {
  readonly site: string;
  /** Name of the webhook. */
  readonly webhook: string;
  readonly alert: Alert;
}

/** A job's data, checked. @throws Error when it is not well formed */
export function fromAlertJob(data: unknown): AlertJob {
  const alert = isObject(data) ? parseAlert(data.alert) : undefined;
  if (!isObject(data) || alert === undefined) throw new Error("expected an alert");
  const { site, webhook } = data;
  if (!isSiteId(site) || !isWebhookName(webhook)) throw new Error("site or webhook is not well formed");
  return { site, webhook, alert };
}
