/** A reader's view of the service over HTTP, for tests. */
import { randomUUID } from "node:crypto";

/** An answer, read whole. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers freely; what they expect is what they assert.
  readonly body: Record<string, unknown>;
}

/** A page id that no other test uses. */
export function freshPage(name = "page"): string {
  return `${name}-${randomUUID()}`;
}

/** Sends a request and reads the answer as JSON. */
export async function call(url: string, init?: RequestInit): Promise<Answered> {
  const response = await fetch(url, init);
  const text = await response.text();
  const body: unknown = text === "" ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: body as Record<string, unknown> };
}

/** POSTs a vote as JSON. */
export function vote(service: string, body: unknown, headers: Record<string, string> = {}, site = "default") {
  return call(`${service}/v1/sites/${site}/votes`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** A vote that is answered once tallied. */
export function tallied(service: string, body: unknown, site = "default") {
  return vote(service, body, { prefer: "wait=10" }, site);
}

/** A new voter's token. */
export async function newVoter(service: string, site = "default"): Promise<string> {
  const { body } = await call(`${service}/v1/sites/${site}/voters`, { method: "POST" });
  return String(body.voter);
}

/** Counts of one page; none while they are refused. */
export async function countsOf(
  service: string,
  page: string,
  site = "default",
): Promise<Record<string, unknown>> {
  const { body } = await call(`${service}/v1/sites/${site}/counts?${new URLSearchParams({ page })}`);
  const [counts] = (body.pages ?? []) as Record<string, unknown>[];
  return counts ?? {};
}

/** Resolves when `check` first resolves to true; rejects at the deadline with what was awaited. */
export async function until(
  awaited: string,
  check: () => Promise<boolean> | boolean,
  deadline_ms = 10_000,
): Promise<void> {
  const end_ms = performance.now() + deadline_ms;
  while (!(await check())) {
    if (performance.now() > end_ms) throw new Error(`waited ${deadline_ms} ms for ${awaited}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
