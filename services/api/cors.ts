/** CORS (Fetch standard, 3.2) by site: a site without origins of its own may be used from every page on the web. */
import type { ServerResponse } from "node:http";
import cors, { type CorsOptions } from "cors";
import type { Request, RequestHandler } from "express";
import { isOriginAllowed } from "../../shared/runtime/site-origins.ts";
import type { Site, Sites } from "../../shared/runtime/sites.ts";
import { queryOf } from "./query-of.ts";

/** Nothing here depends on cookies, so none are ever allowed. */
const OPTIONS: CorsOptions = {
  origin: "*",
  methods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
  allowedHeaders: ["authorization", "content-type", "prefer", "if-none-match"],
  exposedHeaders: ["etag", "retry-after", "preference-applied"],
  maxAge: 86_400,
};

/** As widely as Express reads addresses: whatever leads to a site's answers must lead to its origins. */
const SITE_PATH = /^\/v1\/sites\/([^/]+)/i;
const EMBED_PATH = /^\/embed\/?$/i;

/** Says to browsers which pages may read the answers, refusals among them. */
export function corsOf(sites: Sites): RequestHandler {
  return cors<Request>((request, answer) => {
    const origins = sites.get(siteIn(request))?.origins;
    if (origins === undefined) return answer(null, OPTIONS);
    const asks = request.headers.origin;
    answer(null, { ...OPTIONS, origin: asks !== undefined && isOriginAllowed(origins, asks) ? asks : [] });
  });
}

/** Headers of an answer that every page may read. */
export const EVERYBODY: readonly string[] = ["access-control-allow-origin", "*"];
const NOBODY = ["vary", "Origin"];

/**
 * Which page may read an answer of a site, as headers: name, value, name, value.
 * @param site undefined: the answer is of no site
 * @param origin of the page that asks
 */
export function readableBy(site: Site | undefined, origin: string | undefined): readonly string[] {
  if (site?.origins === undefined) return EVERYBODY;
  if (origin === undefined || !isOriginAllowed(site.origins, origin)) return NOBODY;
  return ["access-control-allow-origin", origin, ...NOBODY];
}

/** The same of an answer of Express whose address does not name the site. */
export function letRead(response: ServerResponse, site: Site, origin: string | undefined): void {
  response.removeHeader("access-control-allow-origin");
  const headers = readableBy(site, origin);
  for (let at = 0; at < headers.length; at += 2)
    response.appendHeader(headers[at] ?? "", headers[at + 1] ?? "");
}

/** The site that an address names, whatever way it is written; empty when it names none. */
function siteIn(request: Request): string {
  const named = SITE_PATH.exec(request.path)?.[1];
  if (named !== undefined) return decoded(named);
  return EMBED_PATH.test(request.path) ? queryOf(request).get("site") || "default" : "";
}

/** As Express decodes it; what cannot be decoded is answered like any address where nothing is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
