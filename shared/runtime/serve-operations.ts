/** What a process serves that has no API: the operators' routes, and problems. */
import type { Express } from "express";
import helmet from "helmet";
import { answerProblems } from "./answer-problems.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { operationsRoutes, type ReadyCheck } from "./operations.ts";

const HEADERS = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
  },
  // Whether the host speaks HTTPS, and for how long, is the proxy's to say.
  strictTransportSecurity: false,
});

/** Makes `app` serve them; it may listen already. */
export function serveOperations(
  app: Express,
  metrics: Metrics,
  checks: Readonly<Record<string, ReadyCheck>>,
  log: Log,
): void {
  app.disable("x-powered-by");
  app.use(HEADERS, operationsRoutes(metrics, checks));
  answerProblems(app, () => "route_unknown", log);
}
