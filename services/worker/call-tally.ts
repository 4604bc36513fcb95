/** One call of the tally script, and what must follow before its votes count as tallied. */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { listPages } from "../../shared/tallies/known-pages.ts";
import { type CallResult, type TallyResult, tallyPage } from "../../shared/tallies/tally-page.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { type AskRules, enforceRules } from "./enforce-rules.ts";

interface CallOptions {
  /** How many replicas must have the tally. */
  readonly replicas_min?: number;
  /** Asks for rules together with other calls. */
  readonly askRules?: AskRules | undefined;
  /** Told at once what each call of the script did, whatever fails afterwards: a repetition would say that nothing changed. */
  readonly told?: (result: CallResult) => void;
}

/**
 * Applies votes to one page, puts a new page on the list of known ones, and holds the votes against the rules that orders
 * left. May be repeated.
 * @param votes at most `VOTES_A_CALL_MAX`, of this page
 */
export async function callTally(
  redis: RedisConnection,
  site: string,
  page: string,
  votes: readonly AcceptedVote[],
  { replicas_min = 0, askRules, told }: CallOptions = {},
): Promise<TallyResult> {
  const result = await tallyPage(redis, site, page, votes, replicas_min, told);
  // Listed first: an order that walks the list later finds the page, one that walked it before left its rule before.
  if (result.unlisted) await listPages(redis, site, [page]);
  await enforceRules(redis, site, votes, askRules);
  return result;
}
