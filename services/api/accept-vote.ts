// Step 2 of 7, the way of a vote; next: shared/votes/vote-queue.ts, which stores it.
/** Accepts a vote that came over HTTP: parse, check the page, the voter and the limits, stamp it, wait until it is on disk. */

import type { IncomingHttpHeaders } from "node:http";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import type { VoteReceipt } from "../../shared/contract/votes.ts";
import { mayAct } from "../../shared/runtime/site-origins.ts";
import { type AdmittedVote, admitVote } from "../../shared/votes/admit-vote.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import type { AwaitTally } from "./await-tally.ts";
import { parseVoteBody } from "./schemas.ts";
import { siteNamed } from "./site-named.ts";

/** What is known of a vote before its body is read. */
export interface VoteCall {
  /** The site as named in the address; not checked yet. */
  readonly site: string;
  /** A voter's token from the `Authorization` header; it wins over the body's. */
  readonly bearer: string | undefined;
  /** Seconds for which the client would rather wait for the tally. */
  readonly wait_s: number | undefined;
  /** `Origin` and `Host`: which page sends the vote. Browsers always say so with a POST. */
  readonly headers: Pick<IncomingHttpHeaders, "origin" | "host">;
  /** Network address of the reader. */
  readonly address: string;
  /** Fires when the client has gone. */
  readonly gone: AbortSignal;
}

/** The answer: 202 and a receipt, or 200 with the counts too. */
export type VoteAnswer =
  | { readonly status: 202; readonly body: VoteReceipt }
  | { readonly status: 200; readonly body: VoteReceipt & PageCounts };

/**
 * @param body the request's body as JSON, unchecked
 * @throws Refusal with nothing stored, or `unavailable` or `overloaded`: then the vote may be sent again
 */
export async function acceptVote(
  desk: VoteDesk,
  awaitTally: AwaitTally,
  call: VoteCall,
  body: unknown,
): Promise<VoteAnswer> {
  const site = siteNamed(desk.sites, call.site);
  if (!mayAct(site.origins, call.headers.origin, call.headers.host)) throw new Refusal("origin_refused");
  const request = parseVoteBody(body);
  const voter = call.bearer ?? request.voter;
  const admitted: AdmittedVote = await admitVote(desk, site, { ...request, voter }, call.address);
  desk.metrics.accepted.inc({ road: "http" });
  const { receipt } = admitted;
  if (call.wait_s === undefined) return { status: 202, body: receipt };
  const counts = await awaitTally(site, admitted, call.wait_s, call.gone);
  return counts === undefined
    ? { status: 202, body: receipt }
    : { status: 200, body: { ...receipt, ...counts } };
}
