/** Orders, how far they are, and their undoing: by chance alone hardly any order is whole, and hardly any id is such an order's. */
import fc from "fast-check";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import type { OpenApiInput } from "./openapi-inputs.ts";
import { movedPage } from "./transfer-inputs.ts";

/** Of one page each: those of a whole site take workers seconds. */
const order = fc.oneof(
  fc.record({ order: fc.constantFrom("reset", "release", "discard"), page: movedPage }),
  fc.record({
    order: fc.constantFrom("purge", "release", "discard"),
    page: movedPage,
    reaction: fc.constantFrom(...DEFAULT_REACTIONS),
  }),
  // These two cannot be undone.
  fc.record({ order: fc.constant("reset"), page: movedPage, dryRun: fc.constant(true) }),
  fc.record({ order: fc.constant("recount"), page: movedPage }),
);

/** @param ordered ids of orders so far; those that come later are drawn, too */
export function orderInputs(
  site: string,
  bearer: string,
  ordered: readonly string[],
): fc.Arbitrary<OpenApiInput> {
  const route = `/v1/sites/${site}/orders`;
  const headers = { "content-type": "application/json", authorization: `Bearer ${bearer}` };
  const orders = order.map((body) => ({
    operation: "POST /v1/sites/{site}/orders",
    method: "POST",
    path: route,
    headers,
    body: JSON.stringify(body),
  }));
  const id = fc.oneof(
    { arbitrary: fc.nat().map((n) => ordered[n % ordered.length] ?? "x"), weight: 8 },
    { arbitrary: fc.webSegment().map((text) => text || "x"), weight: 1 },
  );
  const undoings = id.map((text) => ({
    operation: "POST /v1/sites/{site}/orders/{id}/undo",
    method: "POST",
    path: `${route}/${text}/undo`,
    headers,
    body: undefined,
  }));
  const questions = id.map((text) => ({
    operation: "GET /v1/sites/{site}/orders/{id}",
    method: "GET",
    path: `${route}/${text}`,
    headers,
    body: undefined,
  }));
  return fc.oneof(orders, undoings, questions);
}
