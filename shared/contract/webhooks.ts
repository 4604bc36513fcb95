/** Whom a site's alerts are sent to. `PUT` and `DELETE /v1/sites/{site}/webhooks/{name}`, `GET …/webhooks`. */
import { ALERT_KINDS, type AlertKind, isAlertKind } from "./alerts.ts";
import { isObject } from "./object.ts";
import { Refusal } from "./problems.ts";
import { isReactionName } from "./reactions.ts";
import { isPageUrl } from "./registered-page.ts";

/** `standard`: the alert as JSON, signed after Standard Webhooks. `slack`: `{ "text": … }`, signed too. */
export const WEBHOOK_FORMATS = ["standard", "slack"] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** Most webhooks of a site, and most thresholds of a webhook. */
export const WEBHOOKS_MAX = 20;
export const THRESHOLDS_MAX = 10;

/** "1,000 angry within 10 minutes", on any one page. */
export interface Threshold {
  readonly reaction: string;
  /** 1 to 1,000,000,000. */
  readonly votes: number;
  /** 1 to 180. */
  readonly minutes: number;
}

/** What is asked for. */
export interface WebhookRequest {
  /** http or https. */
  readonly url: string;
  readonly format: WebhookFormat;
  readonly kinds: readonly AlertKind[];
  readonly thresholds: readonly Threshold[];
}

/** A webhook as it is told; its secret is told once, in the answer to the `PUT` or the `POST …/secret` that made it. */
export interface Webhook extends WebhookRequest {
  /** Lower-case letters, digits and hyphens, 1 to 32 characters. */
  readonly name: string;
  /** When it was made or changed, Unix ms. */
  readonly at: number;
  /** Since when nothing is sent, after an hour in which every try failed, Unix ms; a `PUT` begins anew. */
  readonly parkedAt?: number;
}

/** The answer to a `PUT` and to a `POST …/secret`. */
export interface SavedWebhook extends Webhook {
  /** `whsec_` and base64: the key of the signatures. Only when it is new. */
  readonly secret?: string;
}

/** For so long after it was replaced a secret signs beside the newer one, so that no receiver has to change in step. */
export const SECRET_LEAVES_MS = 86_400_000;

/** One try to deliver an alert. */
export interface Delivery {
  /** Grows with time. */
  readonly id: string;
  /** When it ended, Unix ms. */
  readonly at: number;
  readonly webhook: string;
  /** Stays the same through all tries: the header `webhook-id`. */
  readonly message: string;
  readonly kind: AlertKind;
  readonly page: string;
  /** Counted from 1. */
  readonly attempt: number;
  /** `given-up`: this try failed too and was the last. */
  readonly outcome: "delivered" | "failed" | "given-up";
  /** What the receiver answered; absent when it did not. */
  readonly status?: number;
  /** Why it failed, as one sentence. */
  readonly reason?: string;
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Whether `value` can be the name of a webhook; `deliveries` is the log's. */
export function isWebhookName(value: unknown): value is string {
  return typeof value === "string" && NAME.test(value) && value !== "deliveries";
}

/**
 * A request, checked field by field.
 * @throws Refusal `webhook_invalid`
 */
export function parseWebhookRequest(value: unknown): WebhookRequest {
  if (!isObject(value)) throw unfit("A webhook is asked for with a JSON object.");
  const { url, format = "standard", kinds = ALERT_KINDS, thresholds = [], ...rest } = value;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw unfit(`There is no field ${JSON.stringify(unknown.slice(0, 40))}.`);
  if (!isPageUrl(url)) throw unfit("url: expected an http or https address without a name and password.");
  const known = WEBHOOK_FORMATS.find((one) => one === format);
  if (known === undefined) throw unfit(`format: expected one of ${WEBHOOK_FORMATS.join(", ")}.`);
  if (!Array.isArray(kinds) || !kinds.every(isAlertKind)) {
    throw unfit(`kinds: expected a list of ${ALERT_KINDS.join(", ")}.`);
  }
  if (!Array.isArray(thresholds) || thresholds.length > THRESHOLDS_MAX) {
    throw unfit(`thresholds: expected at most ${THRESHOLDS_MAX}.`);
  }
  return { url, format: known, kinds: [...new Set(kinds)], thresholds: thresholds.map(toThreshold) };
}

/** A webhook from outside, checked; undefined when it is not well formed. */
export function parseWebhook(value: unknown): SavedWebhook | undefined {
  if (!isObject(value)) return undefined;
  const { name, at, parkedAt, secret, url, format, kinds, thresholds } = value;
  if (!isWebhookName(name) || typeof at !== "number") return undefined;
  try {
    return {
      ...parseWebhookRequest({ url, format, kinds, thresholds }),
      name,
      at,
      ...(typeof parkedAt === "number" ? { parkedAt } : {}),
      ...(typeof secret === "string" ? { secret } : {}),
    };
  } catch {
    return undefined;
  }
}

/** A line of the delivery log, checked; undefined when it is not well formed. */
export function parseDelivery(value: unknown): Delivery | undefined {
  if (!isObject(value)) return undefined;
  const { id, at, webhook, message, kind, page, attempt, outcome, status, reason } = value;
  if (typeof id !== "string" || typeof at !== "number" || typeof webhook !== "string") return undefined;
  if (typeof message !== "string" || !isAlertKind(kind) || typeof page !== "string") return undefined;
  if (typeof attempt !== "number") return undefined;
  if (outcome !== "delivered" && outcome !== "failed" && outcome !== "given-up") return undefined;
  return {
    id,
    at,
    webhook,
    message,
    kind,
    page,
    attempt,
    outcome,
    ...(typeof status === "number" ? { status } : {}),
    ...(typeof reason === "string" ? { reason } : {}),
  };
}

function toThreshold(value: unknown): Threshold {
  if (!isObject(value)) throw unfit("thresholds: expected { reaction, votes, minutes }.");
  const { reaction, votes, minutes, ...rest } = value;
  if (Object.keys(rest).length > 0 || !isReactionName(reaction)) {
    throw unfit("thresholds: expected { reaction, votes, minutes } with a reaction of the site.");
  }
  if (!isWhole(votes, 1_000_000_000)) throw unfit("thresholds: expected votes from 1 to 1000000000.");
  if (!isWhole(minutes, 180)) throw unfit("thresholds: expected minutes from 1 to 180.");
  return { reaction, votes, minutes };
}

function isWhole(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= most;
}

function unfit(detail: string): Refusal {
  return new Refusal("webhook_invalid", detail);
}
