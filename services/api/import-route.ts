/** `POST /v1/sites/{site}/import`: takes an export, line by line. */
import { type Request, type Response, Router } from "express";
import { EXPORT_LINE_CHARACTERS_MAX, ExportLineError } from "../../shared/contract/export.ts";
import { type ProblemCode, Refusal } from "../../shared/contract/problems.ts";
import { writeAudit } from "../../shared/moderation/audit.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { letTakeLong } from "../../shared/runtime/slow-clients.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { JobFailedError } from "../../shared/votes/vote-queue.ts";
import { ImportStore, NoWorkerError } from "./import-store.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { queryOf } from "./query-of.ts";
import { LinesError, readLines } from "./read-lines.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";
import { LineOrderError, LineTaker } from "./take-lines.ts";

export interface ImportRouteParts {
  readonly desk: VoteDesk;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly requireScope: RequireScope;
}

const MEDIA_TYPE = /^\s*(?:application\/(?:x-ndjson|ndjson|jsonl|json|octet-stream)|text\/plain)\s*(?:;|$)/i;

/** Imports that a process takes at a time: each keeps workers busy. */
const IMPORTS_MAX = 2;

export function importRoute({ desk, redis, requireScope }: ImportRouteParts): Router {
  const router = Router();
  let running = 0;
  router.post("/v1/sites/:site/import", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    const { name } = await requireScope(request, "admin", site);
    const from = fromLine(request);
    if (!MEDIA_TYPE.test(request.headers["content-type"] ?? "application/x-ndjson")) {
      throw new Refusal("media_type_unknown", "Send an export as application/x-ndjson.");
    }
    if (running >= IMPORTS_MAX)
      throw new Refusal("overloaded", "Other imports are running; send it again later.", 30);
    running++;
    letTakeLong(request);
    try {
      const store = new ImportStore(site, desk.queue, redis, whenGone(response));
      const answer = await takeAll(request, site, store, from);
      const { votes, pages } = answer;
      const result = { votes, counts: [], pages, list: [] };
      const line = { who: name, what: "imported", result };
      await orUnavailable(writeAudit(redis, site.id, line));
      response.set("cache-control", "no-store").json(answer);
    } finally {
      running--;
      request.resume();
    }
  });
  return router;
}

/** What came of a whole import. */
interface ImportAnswer {
  readonly lines: number;
  readonly pages: number;
  readonly votes: number;
  readonly audit: number;
}

async function takeAll(
  request: Request,
  site: Site,
  store: ImportStore,
  from: number,
): Promise<ImportAnswer> {
  const taker = new LineTaker(site);
  let line = 0;
  try {
    for await (const lines of readLines(request, EXPORT_LINE_CHARACTERS_MAX)) {
      for (const text of lines) {
        line++;
        const what = taker.take(text);
        // An import that goes on checks the lines that were stored before, but does not store their votes again.
        if (what !== undefined && (line >= from || what.kind !== "vote")) await store.add(line, what);
      }
    }
    if (!taker.ended) {
      line++;
      throw new Truncated();
    }
    await store.settle(line);
  } catch (error) {
    throw await refusalOf(error, taker, store, line === 0 || error instanceof LinesError ? line + 1 : line);
  }
  return { lines: line, ...taker.taken };
}

/** The lines ended, or the connection did, before the trailer. */
class Truncated extends Error {}

/** What is said of an import that ends at `line`; everything before it is stored first, as far as that can be done. */
async function refusalOf(
  error: unknown,
  taker: LineTaker,
  store: ImportStore,
  line: number,
): Promise<unknown> {
  const broken =
    error instanceof ExportLineError || error instanceof LineOrderError || error instanceof LinesError;
  const cut =
    error instanceof Truncated || (error instanceof Error && "code" in error && error.code === "ECONNRESET");
  if (!broken && !cut) return unavailable(error, store);
  if (!taker.begun) {
    return new Refusal(
      "import_foreign",
      broken ? `Line ${line}: ${error.message}` : "It is empty.",
      undefined,
      line,
    );
  }
  try {
    await store.settle(line - 1);
  } catch (failure) {
    return unavailable(failure, store);
  }
  const { pages, votes } = taker.taken;
  const taken = `${pages} pages and ${votes} votes before it were taken.`;
  const code: ProblemCode = broken ? "import_broken" : "import_truncated";
  const said = broken
    ? `Line ${line}: ${error.message} ${taken}`
    : `The lines end before line ${line}. ${taken}`;
  return new Refusal(code, said, undefined, line);
}

function unavailable(error: unknown, store: ImportStore): unknown {
  const line = store.stored + 1;
  if (error instanceof JobFailedError) {
    return new Refusal(
      "internal_error",
      `Some votes could not be tallied; they are kept. Go on from line ${line}.`,
      undefined,
      line,
    );
  }
  const why =
    error instanceof NoWorkerError ? "No worker tallies votes." : "Votes cannot be stored at this moment.";
  return new Refusal(
    "unavailable",
    `${why} Everything before line ${line} was taken; go on from there.`,
    undefined,
    line,
  );
}

/** @throws Refusal `body_invalid` */
function fromLine(request: Request): number {
  const text = queryOf(request).get("fromLine") ?? "1";
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new Refusal("body_invalid", "fromLine is the number of a line, 1 for the first.");
  return Number(text);
}

function whenGone(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}
