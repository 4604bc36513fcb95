/**
 * `POST /v1/sites/{site}/votes` on the bare HTTP server, in front of Express. Express replaces the prototypes of each
 * request and response, which costs more than everything that a vote needs; every other route is Express's.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressOf } from "../../shared/runtime/address-of.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { acceptVote } from "./accept-vote.ts";
import type { AwaitTally } from "./await-tally.ts";
import { bearerOf } from "./bearer.ts";
import { answerForm } from "./form-vote.ts";
import { preferredWait_s } from "./prefer.ts";
import { isForm, readJsonBody } from "./read-body.ts";
import { sendProblem } from "./send-problem.ts";

interface VoteRouteParts {
  readonly desk: VoteDesk;
  readonly awaitTally: AwaitTally;
  readonly addressOf: AddressOf;
  readonly log: Log;
}

const VOTES_PATH = /^\/v1\/sites\/([^/?#]+)\/votes\/?(?:\?|$)/;

/** Listens for votes and hands everything else to `otherwise`. */
export function voteRoute(parts: VoteRouteParts, otherwise: RequestListener): RequestListener {
  return (request, response) => {
    const site = request.method === "POST" ? VOTES_PATH.exec(request.url ?? "")?.[1] : undefined;
    if (site === undefined) otherwise(request, response);
    else if (isForm(request)) void answerFormVote(parts, site, request, response);
    else void answerVote(parts, site, request, response);
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

async function answerVote(
  { desk, awaitTally, addressOf, log }: VoteRouteParts,
  site: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const wait_s = preferredWait_s(request.headers.prefer);
    const call = {
      site,
      bearer: bearerOf(request.headers.authorization),
      wait_s,
      address: addressOf(request),
      headers: request.headers,
      gone: wait_s === undefined ? NEVER : whenGone(response),
    };
    const { status, body } = await acceptVote(desk, awaitTally, call, await readJsonBody(request));
    // As text: Node then writes head and body in one piece, bytes would make it two and a costlier system call.
    const text = JSON.stringify(body);
    // As a flat list: for an object Node costs more.
    response.writeHead(status, [
      ...["content-type", "application/json; charset=utf-8"],
      ...["content-length", String(Buffer.byteLength(text))],
      ...["cache-control", "no-store"],
      ...(status === 200 ? ["preference-applied", `wait=${wait_s}`] : []),
      ...readableBy(desk.sites.get(site), request.headers.origin),
    ]);
    response.end(text);
  } catch (error) {
    // A body that was not read to its end would be taken for the next request.
    if (!request.complete) response.shouldKeepAlive = false;
    desk.metrics.refused.inc({ code: sendProblem(response, error, log).problem.code });
    request.resume();
  }
}

const EVERYBODY = ["access-control-allow-origin", "*"];

/** Which page may read an answer that was given. */
function readableBy(site: Site | undefined, origin: string | undefined): readonly string[] {
  if (site?.origins === undefined || origin === undefined) return EVERYBODY;
  return ["access-control-allow-origin", origin, "vary", "Origin"];
}

const NEVER = new AbortController().signal;

function whenGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}
