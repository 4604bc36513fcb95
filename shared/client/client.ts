/** The client library, for browsers and Node: votes, counts, and live counts over the contract. */
export type { PageCounts, PageState } from "../contract/counts.ts";
export type { VoteReceipt } from "../contract/votes.ts";
export type { ReactionsOptions } from "./http-reactions.ts";
export type { VoterStore } from "./keep-voter.ts";
export { Reactions } from "./reactions.ts";
export { ServiceError } from "./service-error.ts";
