/** The client library, for browsers and Node: votes, counts, and live counts over the contract. */
export type { PageCounts, PageState } from "../contract/counts.ts";
export type { ImportAnswer, PageBase } from "../contract/import-answers.ts";
export type { Labels, SiteReactions } from "../contract/labels.ts";
export type { AuditEntry, Order, OrderResult } from "../contract/order-answers.ts";
export type { OrderRequest } from "../contract/orders.ts";
export type { ServiceState } from "../contract/service-state.ts";
export type { SiteAnswer, SiteOrigin, SiteSettings } from "../contract/sites.ts";
export type { SourcesAnswer, Suspect } from "../contract/sources.ts";
export type { NewToken, Scope, TokenInfo, TokenRequest } from "../contract/tokens.ts";
export type { VoteReceipt } from "../contract/votes.ts";
export type { SavedWebhook, Webhook } from "../contract/webhooks.ts";
export type { ReactionsOptions } from "./http-reactions.ts";
export type { VoterStore } from "./keep-voter.ts";
export {
  type AuditQuery,
  Moderation,
  type ModerationOptions,
  type OnProgress,
  type PageEntry,
} from "./moderation.ts";
export { ImportError } from "./moderator-calls.ts";
export { Reactions } from "./reactions.ts";
export { isRetryable, ServiceError } from "./service-error.ts";
