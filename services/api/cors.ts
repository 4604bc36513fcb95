/** CORS (Fetch standard, 3.2) by site: a site without origins of its own may be used from every page on the web. */
import cors, { type CorsOptions } from "cors";
import type { Request, RequestHandler } from "express";
import { isOriginAllowed } from "../../shared/runtime/site-origins.ts";
import type { Sites } from "../../shared/runtime/sites.ts";

/** Nothing here depends on cookies, so none are ever allowed. */
const OPTIONS: CorsOptions = {
  origin: "*",
  methods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
  allowedHeaders: ["authorization", "content-type", "prefer", "if-none-match"],
  exposedHeaders: ["etag", "retry-after", "preference-applied"],
  maxAge: 86_400,
};

const SITE_PATH = /^\/v1\/sites\/([^/]+)\//;

/** Says to browsers which pages may read the answers. */
export function corsOf(sites: Sites): RequestHandler {
  return cors<Request>((request, answer) => {
    const origins = sites.get(SITE_PATH.exec(request.path)?.[1] ?? "")?.origins;
    if (origins === undefined) return answer(null, OPTIONS);
    const asks = request.headers.origin;
    answer(null, { ...OPTIONS, origin: asks !== undefined && isOriginAllowed(origins, asks) ? asks : [] });
  });
}
