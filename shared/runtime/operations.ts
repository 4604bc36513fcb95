/** `/healthz`, `/readyz` and `/metrics`: the same three for every service. */
import { Router } from "express";
import type { Lifecycle } from "./lifecycle.ts";
import type { Metrics } from "./metrics.ts";
import { within } from "./within.ts";

/** Something that must be well for the process to take traffic: resolves to what is wrong, or to undefined. */
export type ReadyCheck = () => Promise<string | undefined>;

/** A check that has not answered by then has failed. */
const CHECK_MS_MAX = 1_000;

/** Red from the moment the process is asked to stop. */
export function stoppingCheck(lifecycle: Lifecycle): Readonly<Record<string, ReadyCheck>> {
  return { stopping: async () => (lifecycle.stopping ? "this process is stopping" : undefined) };
}

/** The operators' routes. `/readyz` answers 503 with every reason while one of the checks fails. */
export function operationsRoutes(metrics: Metrics, checks: Readonly<Record<string, ReadyCheck>>): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.set("cache-control", "no-store").json({ ok: true });
  });
  router.get("/readyz", async (_request, response) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await bounded(check)] as const),
    );
    const reasons = Object.fromEntries(results.filter(([, reason]) => reason !== undefined));
    const ok = Object.keys(reasons).length === 0;
    response
      .set("cache-control", "no-store")
      .status(ok ? 200 : 503)
      .json({ ok, reasons });
  });
  router.get("/metrics", async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}

async function bounded(check: ReadyCheck): Promise<string | undefined> {
  try {
    return await within(CHECK_MS_MAX, check(), `no answer within ${CHECK_MS_MAX} ms`);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
