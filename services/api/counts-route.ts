/**
 * `GET /v1/sites/{site}/counts` of one page, as every reader's bar asks, on the bare HTTP server in front of Express. What is
 * more than that (several pages, which are worth compressing; sites with origins of their own; everything faulty) is Express's.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { isPageId } from "../../shared/contract/page-id.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { sendProblem } from "../../shared/runtime/send-problem.ts";
import { SharedReads } from "../../shared/runtime/shared-reads.ts";
import type { Site, Sites } from "../../shared/runtime/sites.ts";
import { readCounts } from "../../shared/tallies/read-counts.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { COUNTS_CACHE, UNREADABLE } from "./routes.ts";

interface CountsRouteParts {
  readonly sites: Sites;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly log: Log;
}

/** What readers of a page are told, made ready once for all who wait. */
interface Answer {
  readonly text: string;
  readonly etag: string;
  /** The head's fields, name after value, with the text and for those who have it. */
  readonly fields: readonly string[];
  readonly fieldsOfKnown: readonly string[];
}

/** The address of a read of one page, as our own clients write it; older ones began the query with an ampersand. */
const COUNTS_PATH = /^\/v1\/sites\/([^/?#]+)\/counts\?&?page=([^&#]+)$/;

/** What every answer says, whatever the counts: the same as Express's do. */
const FIELDS = [
  ...["access-control-allow-origin", "*"],
  ...["access-control-expose-headers", "etag,retry-after,preference-applied"],
  ...["cache-control", COUNTS_CACHE],
  ...["cross-origin-resource-policy", "cross-origin"],
  ...["x-content-type-options", "nosniff"],
];

/** Listens for such reads and hands everything else to `otherwise`. */
export function countsRoute(
  { sites, redis, log }: CountsRouteParts,
  otherwise: RequestListener,
): RequestListener {
  const reads = new SharedReads<Answer>();

  const answer = async (site: Site, page: string, request: IncomingMessage, response: ServerResponse) => {
    try {
      const found = await reads.read(`${site.id}\n${page}`, () => readAnswer(redis, site, page));
      // As flat lists: for objects Node costs more, and this is most of what a read costs.
      if (isKnown(found.etag, request)) response.writeHead(304, [...found.fieldsOfKnown]).end();
      else response.writeHead(200, [...found.fields]).end(found.text);
    } catch (error) {
      response.setHeader("access-control-allow-origin", "*");
      sendProblem(response, error, log);
    }
  };

  return (request, response) => {
    const asked = request.method === "GET" ? COUNTS_PATH.exec(request.url ?? "") : null;
    const site = asked === null ? undefined : sites.get(asked[1] ?? "");
    const page = asked === null ? undefined : pageOf(asked[2] ?? "");
    if (site === undefined || site.origins !== undefined || !isPageId(page)) otherwise(request, response);
    else void answer(site, page, request, response);
  };
}

/** A page's id as it stands in a query; undefined when it is written in a way that takes more to read. */
function pageOf(written: string): string | undefined {
  try {
    return decodeURIComponent(written.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** Read and written as text once for all who wait. */
async function readAnswer(redis: RedisConnection, site: Site, page: string): Promise<Answer> {
  const pages = await orUnavailable(readCounts(redis, site, [page]), UNREADABLE);
  const text = JSON.stringify({ pages });
  const etag = `W/"${createHash("sha1").update(text).digest("base64url")}"`;
  const fieldsOfKnown = [...FIELDS, "etag", etag];
  const length = String(Buffer.byteLength(text));
  const fields = [
    ...fieldsOfKnown,
    ...["content-type", "application/json; charset=utf-8", "content-length", length],
  ];
  return { text, etag, fields, fieldsOfKnown };
}

/** Whether the reader has this already, and does not ask for it all the same (RFC 9110, 13.1.2; RFC 9111, 5.2.1.4). */
function isKnown(etag: string, { headers }: IncomingMessage): boolean {
  const known = headers["if-none-match"];
  if (known === undefined || /\bno-cache\b/.test(headers["cache-control"] ?? "")) return false;
  return known === "*" || known.split(",").some((tag) => tag.trim().replace(/^(?:W\/)?/, "W/") === etag);
}
