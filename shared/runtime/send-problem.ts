import type { ServerResponse } from "node:http";
import { Refusal, TooFast } from "../contract/problems.ts";
import type { Log } from "./log.ts";
import type { Answer } from "./send-answer.ts";

/** The refusal that `error` is; anything else is our own fault: logged, and told without its words. */
export function refusalOf(error: unknown, log: Log): Refusal {
  if (error instanceof Refusal) return error;
  log.error({ err: error }, "a request failed");
  return new Refusal("internal_error");
}

/**
 * A refusal as an answer; who may read it says whoever knows which site it is of (services/api/cors.ts).
 * @param text the body, if it is not to be the problem as JSON (RFC 9457)
 */
export function problemAnswer(
  refusal: Refusal,
  type = "application/problem+json",
  text = JSON.stringify(refusal.problem),
): Answer {
  const { problem, retryAfter_s } = refusal;
  const headers: string[] = [];
  if (retryAfter_s !== undefined) {
    headers.push("retry-after", String(retryAfter_s));
    // Browsers hide them from pages of other origins otherwise.
    headers.push("access-control-expose-headers", "Retry-After, RateLimit, RateLimit-Policy");
  }
  if (refusal instanceof TooFast) {
    const { name, quota, window_s } = refusal.policy;
    const per = window_s === undefined ? 'qu="concurrent-requests"' : `w=${window_s}`;
    headers.push("ratelimit-policy", `"${name}";q=${quota};${per}`);
    headers.push("ratelimit", `"${name}";r=0;t=${retryAfter_s}`);
  }
  if (problem.status === 401) headers.push("www-authenticate", "Bearer");
  headers.push("cache-control", "no-store");
  headers.push("x-content-type-options", "nosniff", "content-type", type);
  return { status: problem.status, headers, text };
}

/** Answers with the refusal that `error` is. */
export function sendProblem(response: ServerResponse, error: unknown, log: Log): Refusal {
  const refusal = refusalOf(error, log);
  send(response, problemAnswer(refusal));
  return refusal;
}

/** Sends an answer, on top of headers that are set already; ends the connection when another one has begun. */
export function send(response: ServerResponse, { status, headers, text }: Answer): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (let at = 0; at < headers.length; at += 2) {
    response.setHeader(headers[at] ?? "", headers[at + 1] ?? "");
  }
  // Whoever was too slow is not waited for again.
  if (status === 408) response.shouldKeepAlive = false;
  response.setHeader("content-length", Buffer.byteLength(text));
  response.writeHead(status);
  response.end(text);
}
