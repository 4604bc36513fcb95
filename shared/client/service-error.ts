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

  /** @param cause the problem as it came, unchecked */
  constructor(
    code: string,
    message: string,
    status = 0,
    retryable = true,
    retryAfter_ms = 0,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.retryable = retryable;
    this.retryAfter_ms = retryAfter_ms;
  }
}

/** Whatever was thrown, as one of ours: a fault that nobody foresaw passes, too. */
export function toServiceError(thrown: unknown): ServiceError {
  return isServiceError(thrown) ? thrown : unreachable();
}

/** Whether the same may succeed later without being changed. */
export function isRetryable(error: unknown): boolean {
  return isServiceError(error) && error.retryable;
}

/** By name: parts of a page that load one after the other have a class each. */
function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && error.name === "ServiceError";
}

/** No answer came, or none that the service could have given. */
export function unreachable(): ServiceError {
  return new ServiceError("unreachable", "No answer");
}

/**
 * The error that a problem (RFC 9457) from outside tells of. A body that is none, as proxies send them, is judged by its
 * status: what is at fault there passes.
 * @param after_s seconds after which a retry makes sense, as its headers say; NaN: they do not. Over sockets the problem says it
 */
export function errorOf(problem: unknown, status: number, after_s = 0): ServiceError {
  const {
    code = "unreachable",
    title = `HTTP ${status}`,
    detail = title,
    retryable = status === 429 || status >= 500,
    retryAfter = after_s,
  } = isObject(problem) ? problem : {};
  return new ServiceError(
    String(code),
    String(detail),
    status,
    retryable === true,
    // Not a number where nobody said it, or said it with a date.
    Number(retryAfter) * 1_000 || 0,
    problem,
  );
}
