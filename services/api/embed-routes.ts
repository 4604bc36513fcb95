/** Ways in without a script of ours on the page: `/embed` for iframes, and oEmbed for those who make them. */
import { type Request, Router } from "express";
import { isPageId } from "../../shared/contract/page-id.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { isOriginAllowed } from "../../shared/runtime/site-origins.ts";
import type { Site, Sites } from "../../shared/runtime/sites.ts";
import { registeredAt } from "../../shared/tallies/read-registered.ts";
import { signPage } from "../../shared/votes/check-page.ts";
import { TokenBuckets } from "../../shared/votes/token-buckets.ts";
import { letRead } from "./cors.ts";
import { type Embed, embedPage, parseEmbed } from "./embed-page.ts";
import { framersOf } from "./framers.ts";
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

/** Sites that addresses are looked up in: so many a second, and so many at once after a rest. Anybody may ask, and each costs Redis a command. */
const LOOK_UPS_A_SECOND = 5_000;
const LOOK_UPS_AT_ONCE = 10_000;

/** @param redis a connection of the role `reader` */
export function embedRoutes(sites: Sites, redis: RedisConnection, log: Log): Router {
  const router = Router();
  const lookUps = new TokenBuckets(LOOK_UPS_A_SECOND, LOOK_UPS_AT_ONCE);

  router.get("/embed", (request, response) => {
    try {
      const embed = parseEmbed(queryOf(request));
      const site = siteNamed(sites, embed.site);
      response.removeHeader("x-frame-options");
      response.set({
        "content-security-policy": `${EMBED_POLICY}${framersOf(site)}`,
        "cache-control": EMBED_CACHE,
      });
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
        sitesAt(url.origin).map(async (site) => ({
          site,
          known: await registeredAt(redis, site.id, address),
        })),
      ),
    );
    const match = found.find(({ known }) => known !== undefined);
    if (match?.known === undefined) throw new Refusal("embed_unknown");
    return { embed: embedOf(match.site, match.known.page), title: match.known.title };
  }

  /** The sites that may have pages there. */
  function sitesAt(origin: string): readonly Site[] {
    const fitting = [...sites.values()].filter(({ origins }) => isOriginAllowed(origins, origin));
    const wait_ms = lookUps.take(0, performance.now(), fitting.length);
    if (wait_ms > 0)
      throw new Refusal("overloaded", "Many pages are being looked for.", Math.ceil(wait_ms / 1_000));
    return fitting;
  }

  return router;
}

/** The bar of a registered page. The publisher has vouched for it, so on a signed site it comes with the signature. */
function embedOf({ id, pages }: Site, page: string): Embed {
  const embed = parseEmbed(new URLSearchParams({ site: id, page }));
  const key = pages.open === "signed" ? pages.keys[0] : undefined;
  return key === undefined ? embed : { ...embed, signature: signPage(key, page) };
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
