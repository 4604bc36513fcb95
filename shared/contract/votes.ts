/** What a reader sends, and what the services answer. */
import { isObject } from "./object.ts";
import { isPageId } from "./page-id.ts";
import { Refusal } from "./problems.ts";
import { isReactionName } from "./reactions.ts";
import { namesVoter } from "./voter-token.ts";

/** "I hold this reaction on this page": a state, so sending it again changes nothing. */
export interface VoteRequest {
  readonly page: string;
  /** Name of the reaction; null withdraws. */
  readonly reaction: string | null;
  /** The voter's token; without one the service makes a new voter. */
  readonly voter?: string | undefined;
  /** The publisher's signature of the page id, where the site wants one before a page is opened. */
  readonly signature?: string | undefined;
  /** Of a vote without a token: the solution of the puzzle that new voters were asked for, unchecked. */
  readonly solution?: unknown;
}

/** Longest signature; HMAC-SHA-256 has 43 characters in base64url. */
const SIGNATURE_LENGTH_MAX = 128;

/** Whether `value` can be a signature at all. */
export function isSignature(value: unknown): value is string {
  return typeof value === "string" && value.length <= SIGNATURE_LENGTH_MAX;
}

/** The service has the vote on disk. */
export interface VoteReceipt {
  readonly page: string;
  readonly reaction: string | null;
  /** When the service accepted it: Unix milliseconds by Redis's clock. */
  readonly at: number;
  /** A new voter's token, to keep; present when the vote came without one. */
  readonly voter?: string;
}

/**
 * A vote from outside, checked field by field (browser-safe; the API's schemas use the same field checks).
 * @throws Refusal `body_invalid`, `page_invalid`, `reaction_unknown`, `voter_invalid` or `page_refused`
 */
export function parseVoteRequest(value: unknown): VoteRequest {
  if (!isObject(value)) throw new Refusal("body_invalid", "A vote is a JSON object.");
  const { page, reaction, voter, signature, solution } = value;
  if (!isPageId(page)) throw new Refusal("page_invalid");
  if (reaction !== null && !isReactionName(reaction)) throw new Refusal("reaction_unknown");
  if (voter !== undefined && !namesVoter(voter)) throw new Refusal("voter_invalid");
  if (signature !== undefined && !isSignature(signature)) throw new Refusal("page_refused");
  return { page, reaction, voter, signature, solution };
}
