/** The OpenAPI description of what operators ask, and of the problems themselves. */
import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { PROBLEM_CODES } from "../../shared/contract/problems.ts";
import { json, problems } from "./openapi-parts.ts";
import { ProblemBody } from "./schemas.ts";

const ReadyBody = z.object({
  ok: z.boolean(),
  reasons: z
    .record(z.string(), z.string())
    .openapi({ description: "What is wrong, by the part that is.", example: {} }),
});

export function describeOperations(registry: OpenAPIRegistry): void {
  const shared = { method: "get" as const, tags: ["Operations"] };
  registry.registerPath({
    ...shared,
    path: "/healthz",
    summary: "Whether the process lives",
    responses: { 200: json("It does.", z.object({ ok: z.literal(true) })) },
  });
  registry.registerPath({
    ...shared,
    path: "/readyz",
    summary: "Whether votes can be taken",
    responses: { 200: json("They can.", ReadyBody), 503: json("They cannot.", ReadyBody) },
  });
  registry.registerPath({
    ...shared,
    path: "/metrics",
    summary: "Prometheus metrics",
    responses: {
      200: {
        description: "What only Redis knows is NaN while it is away.",
        content: { "text/plain": { schema: z.string() } },
      },
    },
  });
  registry.registerPath({
    ...shared,
    path: "/problems/{code}",
    summary: "What a problem's code means",
    request: { params: z.object({ code: z.enum(PROBLEM_CODES) }) },
    responses: { 200: json("A problem of this kind.", ProblemBody), ...problems(404) },
  });
}
