import { errorOf, unreachable } from "./service-error.ts";

/** Longer than the service needs to say 503. */
export const ANSWER_MS_MAX = 5_000;

/**
 * One request, answered with JSON. Never with cookies.
 * @throws ServiceError with what the service said, or `unreachable`
 */
export async function request(url: string, init: RequestInit = {}): Promise<unknown> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, {
      ...init,
      credentials: "omit",
      // Ask whether what the browser keeps still fits: `stale-while-revalidate` would show counts from before a vote.
      cache: "no-cache",
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    const text = await response.text();
    // A proxy's error page is no JSON.
    body = response.ok || text.startsWith("{") ? JSON.parse(text) : undefined;
  } catch {
    throw unreachable();
  }
  if (response.ok) return body;
  // May also be a date, as the standard has it; the service sends seconds.
  throw errorOf(body, response.status, Number(response.headers.get("retry-after")));
}
