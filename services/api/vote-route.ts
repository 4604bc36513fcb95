/**
 * `POST /v1/sites/{site}/votes` in front of Express, with answer-vote.ts beside this file, and plain-lane.ts, plain-request.ts and
 * send-answer.ts of shared/runtime. Express replaces the prototypes
 * of each request and response, which costs more than everything that a vote needs; every other route is Express's.
 *
 * A vote comes one of two ways. `voteLane` takes requests that are plain and whole, as most are that come through a proxy or
 * from a script, straight from their bytes: Node's HTTP parser and streams cost several times what we do with a vote.
 * `voteRoute` takes all others from Node's HTTP server. What a vote is answered does not depend on its way: both ask answer-vote.ts.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AnswerPlain } from "../../shared/runtime/plain-lane.ts";
import { answerVote, type VoteRouteParts } from "./answer-vote.ts";
import { answerForm } from "./form-vote.ts";
import { BODY_BYTES_MAX, isForm, parseVoteBytes, readVoteBody } from "./read-body.ts";

/** A plain request names its site plainly, and has no query. */
const PLAIN_PATH = /^\/v1\/sites\/([a-z0-9-]+)\/votes$/;
const VOTES_PATH = /^\/v1\/sites\/([^/?#]+)\/votes\/?(?:\?|$)/;

const NOBODY_WAITS = (): AbortSignal => {
  throw new Error("a vote that waits for its tally is not answered here");
};

/** Answers plain votes; leaves forms, and whoever would rather wait for the tally, to Node's parser. */
export function voteLane(parts: VoteRouteParts): AnswerPlain {
  return ({ path, headers, body }, socket) => {
    const site = PLAIN_PATH.exec(path)?.[1];
    if (site === undefined || body.length > BODY_BYTES_MAX) return undefined;
    if (headers.prefer !== undefined || isForm(headers)) return undefined;
    const json = (): unknown => parseVoteBytes(headers, body);
    return answerVote(parts, { site, headers, socket, body: json, gone: NOBODY_WAITS });
  };
}

/** Listens for votes and hands everything else to `otherwise`. */
export function voteRoute(parts: VoteRouteParts, otherwise: RequestListener): RequestListener {
  return (request, response) => {
    const site = request.method === "POST" ? VOTES_PATH.exec(request.url ?? "")?.[1] : undefined;
    if (site === undefined) otherwise(request, response);
    else if (isForm(request.headers)) void answerFormVote(parts, site, request, response);
    else void answerJsonVote(parts, site, request, response);
  };
}

async function answerFormVote(
  { desk, awaitTally, addressOf, log }: VoteRouteParts,
  site: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = {
    site,
    address: addressOf(request),
    gone: whenGone(response),
    headers: request.headers,
  };
  const refusal = await answerForm(desk, awaitTally, call, request, response, log);
  if (refusal !== undefined) desk.metrics.refused.inc({ code: refusal.problem.code });
}

async function answerJsonVote(
  parts: VoteRouteParts,
  site: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, headers, text } = await answerVote(parts, {
    site,
    headers: request.headers,
    socket: request.socket,
    body: () => readVoteBody(request),
    gone: () => whenGone(response),
  });
  // Whoever was too slow has been told so.
  if (response.headersSent) return;
  if (!request.complete) {
    // A body that was not read to its end would be taken for the next request.
    response.shouldKeepAlive = false;
    request.resume();
  }
  // As text: Node then writes head and body in one piece, bytes would make it two and a costlier system call.
  response.writeHead(status, [...headers, "content-length", String(Buffer.byteLength(text))]).end(text);
}

function whenGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}
