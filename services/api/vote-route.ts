/**
 * `POST /v1/sites/{site}/votes` on the bare HTTP server, in front of Express. Express replaces the prototypes of each
 * request and response, which costs more than everything that a vote needs; every other route is Express's.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { answerVote, type VoteRouteParts } from "./answer-vote.ts";
import { answerForm } from "./form-vote.ts";
import { isForm, readVoteBody } from "./read-body.ts";

const VOTES_PATH = /^\/v1\/sites\/([^/?#]+)\/votes\/?(?:\?|$)/;

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
  if (!request.complete) {
    // A body that was not read to its end would be taken for the next request.
    response.shouldKeepAlive = false;
    request.resume();
  }
  // As text: Node then writes head and body in one piece, bytes would make it two and a costlier system call.
  response.writeHead(status, [...headers]).end(text);
}

function whenGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}
