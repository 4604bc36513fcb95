/** The client library, for browsers and Node: votes, counts, and live counts over the contract. */
export type { PageCounts, PageState } from "../contract/counts.ts";
export type { VoteReceipt } from "../contract/votes.ts";
export type { VoterStore } from "./keep-voter.ts";
export { Reactions, type ReactionsOptions } from "./reactions.ts";
export { ServiceError } from "./service-error.ts";
