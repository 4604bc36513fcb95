// Step 1 of 7, the way of a vote; next: services/api/accept-vote.ts, which takes it in.
/** Sends a reader's vote: over the open socket, or over HTTP when there is none. */
import type { Ack } from "../../shared/contract/events.ts";
import { isObject } from "../../shared/contract/object.ts";
import { type Problem, problem } from "../../shared/contract/problems.ts";
import type { VoteRequest } from "../../shared/contract/votes.ts";
import type { ReaderSocket } from "./follow-counts.ts";

/** Where votes go. */
export interface VoteRoads {
  readonly socket: ReaderSocket;
  /** As in `https://reactions.example`; the empty string for the page's own origin. */
  readonly endpoint: string;
  readonly site: string;
}

/** What became of a vote: it is on disk, or it was refused. */
export type CastResult = { readonly ok: true } | { readonly ok: false; readonly problem: Problem };

/** Longer than the service needs to say 503. */
const ANSWER_MS_MAX = 4_000;

/**
 * Sends a vote once. A vote that has a voter's token may be sent again after any failure: a vote is a state, so it counts
 * once however often it arrives.
 */
export async function castVote(roads: VoteRoads, vote: VoteRequest): Promise<CastResult> {
  try {
    return roads.socket.connected ? await overSocket(roads, vote) : await overHttp(roads, vote);
  } catch {
    return {
      ok: false,
      problem: problem("unavailable", "The vote could not be sent. Check the connection."),
    };
  }
}

async function overSocket({ socket }: VoteRoads, vote: VoteRequest): Promise<CastResult> {
  const ack: Ack<object> = await socket.timeout(ANSWER_MS_MAX).emitWithAck("vote", vote);
  return ack.ok ? { ok: true } : ack;
}

async function overHttp({ endpoint, site }: VoteRoads, vote: VoteRequest): Promise<CastResult> {
  const response = await fetch(`${endpoint}/v1/sites/${site}/votes`, {
    method: "POST",
    // Needs no preflight on another origin.
    headers: { "content-type": "text/plain" },
    body: JSON.stringify(vote),
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  if (response.ok) return { ok: true };
  const body: unknown = await response.json();
  const detail = isObject(body) && typeof body.title === "string" ? body.title : undefined;
  return { ok: false, problem: { ...problem("unavailable", detail), retryable: response.status >= 500 } };
}
