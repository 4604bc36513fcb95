import { isObject } from "../contract/object.ts";

/** What the service refused, or that it could not be reached. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  /** A code of `shared/contract/problems.ts`, or `unreachable` when no answer came. A newer service may know others. */
  readonly code: string;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
  /** Milliseconds after which a retry makes sense; 0 when the service named none. */
  readonly retryAfter_ms: number;

  constructor(code: string, message: string, status = 0, retryable = true, retryAfter_ms = 0) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryable = retryable;
    this.retryAfter_ms = retryAfter_ms;
  }
}

/** Whether the same may succeed later without being changed. */
export function isRetryable(error: unknown): boolean {
  return error instanceof ServiceError && error.retryable;
}

/** No answer came, or none that the service could have given. */
export function unreachable(): ServiceError {
  return new ServiceError("unreachable", "The service cannot be reached.");
}

/**
 * The error that a problem (RFC 9457) from outside tells of. A body that is none, as proxies send them, is judged by its
 * status: what is at fault there passes.
 */
export function errorOf(problem: unknown, status: number, retryAfter_ms = 0): ServiceError {
  if (!isObject(problem) || typeof problem.code !== "string") {
    return status === 429 || status >= 500
      ? new ServiceError("unreachable", `A proxy answered ${status}.`, status, true, retryAfter_ms)
      : new ServiceError("route_unknown", `Something answered ${status}.`, status, false);
  }
  const { code, title, detail, retryable } = problem;
  return new ServiceError(code, String(detail ?? title ?? code), status, retryable === true, retryAfter_ms);
}
