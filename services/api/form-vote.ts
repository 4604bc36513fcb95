/**
 * A vote from an HTML form, for readers without JavaScript: `page` and `reaction` (empty: withdraw) in the body, and an
 * answer for people. A form has no token, so each of its votes is a new voter's.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Refusal } from "../../shared/contract/problems.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { acceptVote, type VoteAnswer, type VoteCall } from "./accept-vote.ts";
import type { AwaitTally } from "./await-tally.ts";
import { framersOf } from "./framers.ts";
import { html, smallPage, smallPagePolicy } from "./html.ts";
import { type LabelOf, labelOf } from "./label-of.ts";
import { readFormBody } from "./read-body.ts";
import { parseVoteForm } from "./schemas.ts";
import { sendProblemPage } from "./send-problem-page.ts";
import { wayBack } from "./way-back.ts";

/** The page that the reader gets back to should show the vote; no person waits longer than this for a page. */
const WAIT_S = 2;

/**
 * Answers 303 back to the page with the form, or 200 with the counts in words when that page is not known; a refusal is a
 * page too.
 * @returns the refusal, if it was one
 */
export async function answerForm(
  desk: VoteDesk,
  awaitTally: AwaitTally,
  call: Omit<VoteCall, "wait_s" | "bearer">,
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): Promise<Refusal | undefined> {
  // The form without JavaScript stands in a frame, and is answered there.
  const framers = framersOf(desk.sites.get(call.site));
  try {
    const form = await readFormBody(request);
    const back = wayBack(form, request.headers);
    const answer = await acceptVote(
      desk,
      awaitTally,
      { ...call, bearer: undefined, wait_s: WAIT_S },
      parseVoteForm(form),
    );
    response.setHeader("cache-control", "no-store");
    if (back !== undefined) {
      response.writeHead(303, { location: back }).end();
      return undefined;
    }
    response
      .writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": smallPagePolicy(framers),
        "x-content-type-options": "nosniff",
      })
      .end(thanks(answer, labelOf(desk.sites.get(call.site) ?? {})));
    return undefined;
  } catch (error) {
    if (!request.complete) response.shouldKeepAlive = false;
    const refusal = sendProblemPage(response, error, log, framers);
    request.resume();
    return refusal;
  }
}

/** In English, as is everything on this page. */
function thanks({ status, body }: VoteAnswer, nameOf: LabelOf): string {
  const counted =
    status === 200
      ? html`<p>So far: ${Object.entries(body.counts)
          .map(([reaction, count]) => `${count} ${nameOf(reaction)}`)
          .join(", ")}.</p>`
      : html`<p>It will be in the counts in a moment.</p>`;
  const taken =
    body.reaction === null
      ? "You hold no reaction on this page."
      : `Your reaction: ${nameOf(body.reaction)}.`;
  return smallPage("Thank you", html`<p>${taken}</p>\n${counted}\n<p>You can go back to the page now.</p>`);
}
