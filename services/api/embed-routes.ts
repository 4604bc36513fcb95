/** Ways in without a script of ours on the page: `/embed` for iframes, and oEmbed for those who make them. */
import { type Request, Router } from "express";
import { isPageId } from "../../shared/contract/page-id.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import { registeredAt } from "../../shared/tallies/read-registered.ts";
import { letRead } from "./cors.ts";
import { type Embed, embedPage, parseEmbed } from "./embed-page.ts";
import { oEmbedAnswer } from "./oembed.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { numberIn, queryOf } from "./query-of.ts";
import { sendProblemPage } from "./send-problem-page.ts";
import { siteNamed } from "./site-named.ts";

/** The pages of a site may frame its bar: that is what it is for. Nothing on it can be bought or deleted. */
const EMBED_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self'; frame-ancestors ";

const EMBED_CACHE = "public, max-age=300, stale-while-revalidate=86400";

/** The page that the demo at `/` shows. */
const DEMO_PAGE = "the-last-ferry";

/** @param redis a connection of the role `reader` */
export function embedRoutes(sites: Sites, redis: RedisConnection, log: Log): Router {
  const router = Router();

  router.get("/embed", (request, response) => {
    try {
      const embed = parseEmbed(queryOf(request));
      const site = siteNamed(sites, embed.site);
      response.removeHeader("x-frame-options");
      // This service's own pages show what the bar looks like.
      const framers = site.origins === undefined ? "*" : ["'self'", ...site.origins].join(" ");
      response.set({ "content-security-policy": `${EMBED_POLICY}${framers}`, "cache-control": EMBED_CACHE });
      response.type("html").send(embedPage(embed, site, originOf(request)));
    } catch (error) {
      sendProblemPage(response, error, log);
    }
  });

  router.get("/oembed", async (request, response) => {
    const query = queryOf(request);
    const format = query.get("format") ?? "json";
    if (format !== "json") throw new Refusal("format_unknown");
    const origin = originOf(request);
    const size = {
      width_max: numberIn(query, "maxwidth", 600, 10_000),
      height_max: numberIn(query, "maxheight", 10_000, 10_000),
    };
    const { embed, title } = await embedAt(query.get("url") ?? "", origin);
    letRead(response, siteNamed(sites, embed.site), request.headers.origin);
    response.set("cache-control", EMBED_CACHE).json(oEmbedAnswer(embed, title, origin, size));
  });

  /** What is embedded for an address: what an `/embed` address says, the demo, or the page registered with it. */
  async function embedAt(
    address: string,
    origin: string,
  ): Promise<{ readonly embed: Embed; readonly title: string | undefined }> {
    const url = URL.canParse(address, origin) ? new URL(address, origin) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) throw new Refusal("embed_unknown");
    const ours = url.host === new URL(origin).host;
    if (ours && url.pathname === "/embed") {
      const embed = parseEmbed(url.searchParams);
      siteNamed(sites, embed.site);
      return { embed, title: undefined };
    }
    if (ours && url.pathname === "/" && sites.has("default")) {
      const page = url.searchParams.get("page") ?? DEMO_PAGE;
      if (isPageId(page)) return { embed: parseEmbed(new URLSearchParams({ page })), title: undefined };
    }
    const found = await orUnavailable(
      Promise.all(
        [...sites.keys()].map(async (site) => ({ site, known: await registeredAt(redis, site, address) })),
      ),
    );
    const match = found.find(({ known }) => known !== undefined);
    if (match?.known === undefined) throw new Refusal("embed_unknown");
    const embed = parseEmbed(new URLSearchParams({ site: match.site, page: match.known.page }));
    return { embed, title: match.known.title };
  }

  return router;
}

/**
 * The origin that the request was sent to. Proxies pass on the `Host` header that they were sent; `X-Forwarded-Host` is anybody's
 * to write, and a proxy that does not know it passes that on as well.
 */
function originOf(request: Request): string {
  const origin = `${request.protocol}://${request.headers.host ?? ""}`;
  if (!URL.canParse(origin)) throw new Refusal("header_invalid", "The Host header cannot be understood.");
  return new URL(origin).origin;
}
