/** Express: everything of the API except the votes themselves. */
import compression from "compression";
import express, { type Express, type RequestHandler } from "express";
import helmet from "helmet";
import { answerProblems } from "../../shared/runtime/answer-problems.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import { corsOf } from "./cors.ts";

const HEADERS = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      "default-src": ["'none'"],
      "script-src": ["'self'"],
      "style-src": ["'self'"],
      "img-src": ["'self'", "data:"],
      "connect-src": ["'self'", "ws:", "wss:"],
      "frame-src": ["'self'"],
      "base-uri": ["'none'"],
      "form-action": ["'self'"],
      "frame-ancestors": ["'none'"],
    },
  },
  // Other origins embed what this serves.
  crossOriginResourcePolicy: { policy: "cross-origin" },
  // Forms of our own pages need to find their way back; other sites hear nothing.
  referrerPolicy: { policy: "same-origin" },
  // Sandboxed frames of the same origin would be refused it, and every browser's console would say so.
  originAgentCluster: false,
  // Whether the host speaks HTTPS, and for how long, is the proxy's to say.
  strictTransportSecurity: false,
});

/** Addresses that exist, whatever the method. */
const KNOWN_PATH =
  /^\/v1\/(?:tokens(?:\/[^/]+)?|sites|sites\/[^/]+|sites\/[^/]+\/(?:voters(?:\/self(?:\/move)?)?|votes|counts|reactions|mine|hot|timeline|timeline\.svg|badge\.svg|alerts|system|webhooks(?:\/[^/]+)?|pages|audit|sources|suspects|export|import|base|state|orders(?:\/[^/]+(?:\/undo)?)?))\/?$/;

/**
 * The app with `routes` in order; what none of them takes, and what they throw, is answered as a problem.
 * @param trustProxy addresses and networks of the proxies that are believed when they say which scheme was asked for
 */
export function openApp(
  routes: readonly RequestHandler[],
  sites: Sites,
  trustProxy: readonly string[],
  log: Log,
): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", [...trustProxy]);
  app.use(HEADERS, corsOf(sites), compression(), ...routes);
  answerProblems(app, (request) => (KNOWN_PATH.test(request.path) ? "method_unknown" : "route_unknown"), log);
  return app;
}
