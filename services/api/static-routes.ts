/** What the build made for browsers: the widget's files and the pages for people, each compressed once, in the build. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type RequestHandler, Router } from "express";
import expressStaticGzip from "express-static-gzip";
import { unconditionally } from "./unconditionally.ts";

/** Beside the compiled services, or in `dist` when these run as source. */
const FOLDERS = ["../widget/public", "../../dist/services/widget/public"];

/** Files in `assets` carry a hash of their content in their names. */
const ASSET = /\/assets\/[^/]+$/;
const FOR_EVER = "public, max-age=31536000, immutable";

/** Scripts that other sites embed under a stable name: one request in five minutes, and none that a reader waits for. */
const SCRIPT = /\.js$/;
const A_WHILE = "public, max-age=300, stale-while-revalidate=86400";

const A_MINUTE = "public, max-age=60";

/** No documents: browsers never open a frame, a form or a window for these. */
const PART = /\.(?:js|css|json)$/;

/** Said of everything else; a language of the bar was shorter than these. */
const ABOUT_DOCUMENTS = [
  "content-security-policy",
  "cross-origin-opener-policy",
  "referrer-policy",
  "x-dns-prefetch-control",
  "x-download-options",
  "x-frame-options",
  "x-permitted-cross-domain-policies",
  "x-xss-protection",
  // Nor is anything of these read by a script.
  "access-control-expose-headers",
];

/**
 * Stricter than elsewhere: whoever reads this page holds a moderator's token. The browser itself refuses to make HTML of a
 * string there (Trusted Types), so no title can become any.
 */
const DASHBOARD_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export function staticRoutes(): RequestHandler {
  const router = Router();
  const folder = FOLDERS.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) =>
    existsSync(`${path}/index.html`),
  );
  if (folder === undefined) return router;
  const serve: RequestHandler = expressStaticGzip(folder, {
    enableBrotli: true,
    orderPreference: ["br", "gzip"],
    serveStatic: {
      cacheControl: false,
      // The tag tells versions apart, and nobody wants a part of a part.
      lastModified: false,
      acceptRanges: false,
      setHeaders: (response, path) => {
        const file = path.replace(/\.(?:br|gz)$/, "");
        response.setHeader(
          "cache-control",
          ASSET.test(file) ? FOR_EVER : SCRIPT.test(file) ? A_WHILE : A_MINUTE,
        );
        if (PART.test(file)) for (const name of ABOUT_DOCUMENTS) response.removeHeader(name);
      },
    },
  });
  router.get("/dashboard{/}", (request, response, next) => {
    response.setHeader("content-security-policy", DASHBOARD_POLICY);
    request.url = "/dashboard/index.html";
    next();
  });
  router.use(unconditionally, (request, response, next) => {
    // The library answers in a form of its own where a path cannot be decoded.
    decodeURIComponent(request.path);
    serve(request, response, next);
  });
  return router;
}
