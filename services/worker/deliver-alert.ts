/** One try to deliver an alert: one POST, signed after Standard Webhooks, to an address that is not ours. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { useAgent } from "request-filtering-agent";
import { Webhook } from "standardwebhooks";
import type { Alert } from "../../shared/contract/alerts.ts";
import { type StoredWebhook, signingSecrets } from "../../shared/live/webhook-store.ts";

/** Longest that a receiver may take to answer; what it says after its status is not read. */
const ANSWER_MS_MAX = 10_000;

/** What came of it. */
export interface Delivered {
  readonly ok: boolean;
  readonly status?: number;
  /** Why not, as a sentence. */
  readonly reason?: string;
}

/**
 * Never rejects. Redirects are not followed, and private addresses are not called, whether the URL names one or its host
 * resolves to one: the agent looks at the address that it really connects to.
 * @param message stays the same through all tries: receivers know a repetition by it
 */
export function deliverAlert(
  webhook: StoredWebhook,
  message: string,
  site: string,
  alert: Alert,
  allowPrivate: boolean,
): Promise<Delivered> {
  const at = new Date();
  const body = bodyOf(webhook.format, site, alert, at);
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "user-agent": "reader-reactions",
    "webhook-id": message,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": signingSecrets(webhook, at.getTime())
      .map((secret) => new Webhook(secret).sign(message, at, body))
      .join(" "),
  };
  const url = new URL(webhook.url);
  return new Promise((resolve) => {
    const failed = (error: unknown): void => {
      resolve({ ok: false, reason: reasonOf(error) });
    };
    try {
      const send = url.protocol === "https:" ? httpsRequest : httpRequest;
      const agent = useAgent(webhook.url, { allowPrivateIPAddress: allowPrivate });
      const signal = AbortSignal.timeout(ANSWER_MS_MAX);
      const request = send(url, { method: "POST", headers, agent, signal }, (response) => {
        const status = response.statusCode ?? 0;
        response.destroy();
        const ok = status >= 200 && status < 300;
        const redirect = status >= 300 && status < 400;
        const reason = redirect ? "Redirects are not followed." : `The receiver answered ${status}.`;
        resolve(ok ? { ok, status } : { ok, status, reason });
      });
      request.on("error", failed);
      request.end(body);
    } catch (error) {
      // The agent refuses an address that the URL names before there is a connection.
      failed(error);
    }
  });
}

/** Slack shows `text`; `<`, `>` and `&` would be its markup. */
function bodyOf(format: StoredWebhook["format"], site: string, alert: Alert, at: Date): string {
  if (format === "standard")
    return JSON.stringify({
      type: `alert.${alert.why.kind}`,
      timestamp: at.toISOString(),
      data: { site, ...alert },
    });
  const text = `${alert.title ?? alert.page}: ${alert.sentence}`;
  return JSON.stringify({ text: text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;") });
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/is not allowed/i.test(message)) return "The address is a private one, which is not allowed.";
  if (error instanceof Error && error.name === "AbortError")
    return "The receiver did not answer within 10 s.";
  return `The receiver cannot be reached: ${message.slice(0, 200)}`;
}
