/** What a vote as JSON is answered, whichever way its request was read. */
import type { AddressOf, SentFrom } from "../../shared/runtime/address-of.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { Answer } from "../../shared/runtime/send-answer.ts";
import { problemAnswer, refusalOf } from "../../shared/runtime/send-problem.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { acceptVote } from "./accept-vote.ts";
import type { AwaitTally } from "./await-tally.ts";
import { bearerOf } from "./bearer.ts";
import { EVERYBODY, readableBy } from "./cors.ts";
import { preferredWait_s } from "./prefer.ts";

/** What it takes to answer votes over HTTP. */
export interface VoteRouteParts {
  readonly desk: VoteDesk;
  readonly awaitTally: AwaitTally;
  readonly addressOf: AddressOf;
  readonly log: Log;
}

/** A request for a vote, as far as it is needed. */
export interface VoteHttpRequest extends SentFrom {
  /** The site as named in the address; not checked yet. */
  readonly site: string;
  /** The body as JSON; may throw a Refusal. */
  readonly body: () => unknown;
  /** Fires when the client has gone. Asked for only when the client would rather wait. */
  readonly gone: () => AbortSignal;
}

const HEADERS = ["content-type", "application/json; charset=utf-8", "cache-control", "no-store"];
const HEADERS_FOR_EVERYBODY = [...HEADERS, ...EVERYBODY];

/** One and the same list where it can be: that is sent for less. */
function receiptHeaders(readers: readonly string[]): readonly string[] {
  return readers === EVERYBODY ? HEADERS_FOR_EVERYBODY : [...HEADERS, ...readers];
}

const NEVER = new AbortController().signal;

/** Never rejects: a refusal is an answer. */
export async function answerVote(
  { desk, awaitTally, addressOf, log }: VoteRouteParts,
  request: VoteHttpRequest,
): Promise<Answer> {
  const { headers, site } = request;
  const readers = readableBy(desk.sites.get(site), headers.origin);
  try {
    const wait_s = preferredWait_s(headers.prefer);
    const call = {
      site,
      bearer: bearerOf(headers.authorization),
      wait_s,
      address: addressOf(request),
      headers,
      gone: wait_s === undefined ? NEVER : request.gone(),
    };
    const { status, body } = await acceptVote(desk, awaitTally, call, await request.body());
    const text = JSON.stringify(body);
    if (status === 202) return { status, headers: receiptHeaders(readers), text };
    return { status, headers: [...HEADERS, "preference-applied", `wait=${wait_s}`, ...readers], text };
  } catch (error) {
    const refusal = refusalOf(error, log);
    desk.metrics.refused.inc({ code: refusal.problem.code });
    const answer = problemAnswer(refusal);
    return { ...answer, headers: [...answer.headers, ...readers] };
  }
}
