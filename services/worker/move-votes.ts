/** Moves the votes of an anonymous reader who signed in to the account, page by page. Every step may be repeated. */
import { writeAuditOnce } from "../../shared/moderation/audit.ts";
import { isBanned, setBan } from "../../shared/moderation/bans.ts";
import { leaveMove, type StandingMove } from "../../shared/moderation/standing-moves.ts";
import { leaveRule } from "../../shared/moderation/standing-rules.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { moveVote } from "../../shared/tallies/move-vote.ts";
import { pseudonymOf } from "../../shared/votes/voters.ts";
import { enforceRules } from "./enforce-rules.ts";
import type { OrderTally } from "./order-tally.ts";
import { type SiteTaking, takeFromSite } from "./take-from-pages.ts";
import { walkPages } from "./walk-pages.ts";
