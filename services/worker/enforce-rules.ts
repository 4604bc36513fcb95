/** Does to votes that came late what orders before them did: takes them out again, or has them follow their reader. */
import { movesSince, type StandingMove } from "../../shared/moderation/standing-moves.ts";
import { rulesSince, type StandingRule } from "../../shared/moderation/standing-rules.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { takeVotes, VOTERS_A_STEP_MAX } from "../../shared/tallies/take-votes.ts";
import { pseudonymOf } from "../../shared/votes/voters.ts";
import { moveOnPage } from "./move-on-page.ts";

/** A vote that was just written, as far as rules ask. */
export interface WrittenVote {
  readonly page: string;
  /** Pseudonym on this page. */
  readonly voter: string;
  /** Redis time, ms. */
  readonly at: number;
}

/** What orders left for votes that come late. */
export interface LateRules {
  readonly rules: readonly StandingRule[];
  readonly moves: readonly StandingMove[];
}

/** Asks what votes of a site that were stamped at `oldest` (ms) or later may have to do with. */
export type AskRules = (site: string, oldest: number) => Promise<LateRules>;

/** The question, asked at once. */
export async function askRules(redis: RedisConnection, site: string, oldest: number): Promise<LateRules> {
  const [rules, moves] = await Promise.all([
    rulesSince(redis, site, oldest),
    movesSince(redis, site, oldest),
  ]);
  return { rules, moves };
}

/** Holds votes of one site, after they were written, against the rules that orders left. May be repeated. */
export async function enforceRules(
  redis: RedisConnection,
  site: string,
  votes: readonly WrittenVote[],
  ask: AskRules = (...question) => askRules(redis, ...question),
): Promise<void> {
  if (votes.length === 0) return;
  const oldest = votes.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const { rules, moves } = await ask(site, oldest);
  for (const rule of rules) {
    for (const [page, voters] of concerned(rule, votes)) {
      for (let from = 0; from < voters.length; from += VOTERS_A_STEP_MAX) {
        const filter = { ...rule, voters: voters.slice(from, from + VOTERS_A_STEP_MAX) };
        await takeVotes(redis, site, page, { ...rule, filter });
      }
    }
  }
  // Accounts do not move on, so this ends.
  if (moves.length > 0) await enforceRules(redis, site, await follow(redis, site, moves, votes));
}

/** Has votes of readers who signed in meanwhile follow them; returns what arrived. */
async function follow(
  redis: RedisConnection,
  site: string,
  moves: readonly StandingMove[],
  votes: readonly WrittenVote[],
): Promise<readonly WrittenVote[]> {
  const arrived: WrittenVote[] = [];
  for (const move of moves) {
    const rule = { voter: move.from, since: 0, until: move.until };
    for (const page of concerned(rule, votes).keys()) {
      if (move.pages?.includes(page) === false) continue;
      const vote = await moveOnPage(redis, site, page, move);
      if (vote !== undefined) arrived.push(vote);
    }
  }
  return arrived;
}

/** Voters by page whose votes may be what the rule is about; the script looks at their records. */
function concerned(
  rule: Pick<StandingRule, "page" | "voter" | "since" | "until">,
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
