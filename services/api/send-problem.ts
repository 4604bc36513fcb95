import type { ServerResponse } from "node:http";
import { Refusal, TooFast } from "../../shared/contract/problems.ts";
import type { Log } from "../../shared/runtime/log.ts";

/** Answers with the refusal that `error` is; anything else is our own fault: logged, and answered without its words. */
export function sendProblem(response: ServerResponse, error: unknown, log: Log): Refusal {
  return sendRefusal(response, error, log, "application/problem+json", ({ problem }) =>
    JSON.stringify(problem),
  );
}

/** The same in whatever form `write` gives it. */
export function sendRefusal(
  response: ServerResponse,
  error: unknown,
  log: Log,
  type: string,
  write: (refusal: Refusal) => string,
): Refusal {
  const refusal = error instanceof Refusal ? error : new Refusal("internal_error");
  if (refusal !== error) log.error({ err: error }, "a request failed");
  if (response.headersSent) {
    response.destroy();
    return refusal;
  }
  const { problem, retryAfter_s } = refusal;
  const body = Buffer.from(write(refusal));
  if (retryAfter_s !== undefined) response.setHeader("retry-after", retryAfter_s);
  if (refusal instanceof TooFast) {
    const { name, quota, window_s } = refusal.policy;
    response.setHeader("ratelimit-policy", `"${name}";q=${quota};w=${window_s}`);
    response.setHeader("ratelimit", `"${name}";r=0;t=${retryAfter_s}`);
    response.setHeader("access-control-expose-headers", "Retry-After, RateLimit, RateLimit-Policy");
  }
  if (problem.status === 401) response.setHeader("www-authenticate", "Bearer");
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-content-type-options", "nosniff");
  response.writeHead(problem.status, {
    "content-type": type,
    "content-length": body.length,
  });
  response.end(body);
  return refusal;
}
