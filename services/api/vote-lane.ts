/**
 * `POST /v1/sites/{site}/votes` beside Node's HTTP parser: votes whose requests are plain and whole, which most are that come
 * through a proxy or from a script. All others take vote-route.ts; both are answered by answer-vote.ts.
 */
import type { AnswerPlain } from "../../shared/runtime/plain-lane.ts";
import { answerVote, type VoteRouteParts } from "./answer-vote.ts";
import { BODY_BYTES_MAX, isForm, parseVoteBytes } from "./read-body.ts";

const VOTES_PATH = /^\/v1\/sites\/([a-z0-9-]+)\/votes$/;

const NOBODY_WAITS = (): AbortSignal => {
  throw new Error("a vote that waits for its tally is not answered here");
};

/** Answers plain votes; leaves forms, and whoever would rather wait for the tally, to Node's parser. */
export function voteLane(parts: VoteRouteParts): AnswerPlain {
  return ({ path, headers, body }, socket) => {
    const site = VOTES_PATH.exec(path)?.[1];
    if (site === undefined || body.length > BODY_BYTES_MAX) return undefined;
    if (headers.prefer !== undefined || isForm(headers)) return undefined;
    const json = (): unknown => parseVoteBytes(headers, body);
    return answerVote(parts, { site, headers, socket, body: json, gone: NOBODY_WAITS });
  };
}
