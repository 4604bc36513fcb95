/** Takes out again what orders took before it was delivered: votes that came late, after an order that is about them. */
import { rulesSince, type StandingRule } from "../../shared/moderation/standing-rules.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { takeVotes, VOTERS_A_STEP_MAX } from "../../shared/tallies/take-votes.ts";
import { pseudonymOf } from "../../shared/votes/voters.ts";

/** A vote that was just written, as far as rules ask. */
export interface WrittenVote {
  readonly page: string;
  /** Pseudonym on this page. */
  readonly voter: string;
  /** Redis time, ms. */
  readonly at: number;
}

/** Asks which rules votes of a site that were stamped at `oldest` (ms) or later may have to do with. */
export type AskRules = (site: string, oldest: number) => Promise<readonly StandingRule[]>;

/** Holds votes of one site, after they were written, against the rules that orders left. May be repeated. */
export async function enforceRules(
  redis: RedisConnection,
  site: string,
  votes: readonly WrittenVote[],
  ask: AskRules = (...question) => rulesSince(redis, ...question),
): Promise<void> {
  if (votes.length === 0) return;
  const oldest = votes.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  for (const rule of await ask(site, oldest)) {
    for (const [page, voters] of concerned(rule, votes)) {
      for (let from = 0; from < voters.length; from += VOTERS_A_STEP_MAX) {
        const filter = { ...rule, voters: voters.slice(from, from + VOTERS_A_STEP_MAX) };
        await takeVotes(redis, site, page, { ...rule, filter });
      }
    }
  }
}

/** Voters by page whose votes may be what the rule is about; the script looks at their records. */
function concerned(
  rule: StandingRule,
  votes: readonly WrittenVote[],
): ReadonlyMap<string, readonly string[]> {
  const pages = new Map<string, Set<string>>();
  const names = new Map<string, string | undefined>();
  for (const { page, voter, at } of votes) {
    if (at < rule.since || at > rule.until) continue;
    if (rule.page !== undefined && rule.page !== page) continue;
    if (!names.has(page)) names.set(page, nameOn(page, rule.voter));
    const name = names.get(page);
    if (name !== undefined && name !== voter) continue;
    const voters = pages.get(page) ?? new Set();
    pages.set(page, voters.add(voter));
  }
  return new Map([...pages].map(([page, voters]) => [page, [...voters]]));
}

/** A voter's pseudonym on a page, whichever way an order names them. */
export function nameOn(page: string, voter: string | undefined): string | undefined {
  return voter?.startsWith("v1.") === true ? pseudonymOf(voter, page) : voter;
}
