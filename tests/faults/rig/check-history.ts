/**
 * Proves from a history and the state it ended in that nothing was lost, doubled or invented. Pure, and ignorant of the
 * service's code: it knows what clients were told and what a reader can see. After Jepsen (jepsen.io): a vote without an
 * answer may take effect at any time after it was asked, or never.
 */
import type { PageCounts } from "../../../shared/contract/counts.ts";
import type { CountsSeen, FinalRecord, FinalState, History, VoteAsked } from "./history.ts";

/**
 * - `lost`: an accepted vote is not there, and no later one of that voter took its place.
 * - `doubled`: a total is larger than its records.
 * - `invented`: a record that nobody asked for, or whose vote was refused.
 * - `miscounted`: a total is smaller than its records.
 * - `misordered`: a vote accepted well after another one has an older stamp.
 * - `stale`: a viewer or a voter was left with, or shown again, something old.
 */
export type FindingKind = "lost" | "doubled" | "invented" | "miscounted" | "misordered" | "stale";

export interface Finding {
  readonly kind: FindingKind;
  /** What and where, for people. */
  readonly detail: string;
}

/** Two processes read Redis's clock over round trips of up to 500 ms, so their stamps may differ by as much. */
const CLOCK_SLACK_MS = 1_000;

export function checkHistory(history: History, final: FinalState): readonly Finding[] {
  const records = new Map(final.records.map((record) => [key(record), record]));
  const byVoter = groupByKey(history.votes);
  return [
    ...[...byVoter].flatMap(([name, votes]) => [
      ...checkRecord(votes, records.get(name)),
      ...checkOrder(votes),
    ]),
    ...final.records
      .filter((record) => !byVoter.has(key(record)))
      .map((record) => finding("invented", record)),
    ...final.pages.flatMap((counts) => checkTotals(counts, final.records)),
    ...checkReads(history, byVoter),
    ...checkSeen(history.seen, final.pages),
    ...checkShown(final),
  ];
}

/** The record of one voter on one page must be that of the newest accepted vote, or of one whose outcome is unknown. */
function checkRecord(votes: readonly VoteAsked[], record: FinalRecord | undefined): readonly Finding[] {
  const accepted = votes.filter(isAccepted);
  const newest = accepted.reduce<VoteAsked | undefined>(
    (best, vote) => (best === undefined || stampOf(vote) > stampOf(best) ? vote : best),
    undefined,
  );
  if (record === undefined) return newest === undefined ? [] : [finding("lost", newest)];
  if (newest !== undefined && record.at < stampOf(newest)) return [finding("lost", newest)];
  const asked = votes.some(
    (vote) =>
      vote.reaction === record.reaction &&
      (vote.outcome === "unknown" || (isAccepted(vote) && stampOf(vote) === record.at)),
  );
  return asked ? [] : [finding("invented", record)];
}

/** Of two accepted votes the one asked well after the other was answered has the newer stamp. */
function checkOrder(votes: readonly VoteAsked[]): readonly Finding[] {
  const accepted = votes.filter(isAccepted).sort((a, b) => a.began_ms - b.began_ms);
  return accepted.flatMap((later) =>
    accepted
      .filter(
        (earlier) => earlier.ended_ms + CLOCK_SLACK_MS < later.began_ms && stampOf(earlier) >= stampOf(later),
      )
      .map(() => finding("misordered", later)),
  );
}

function checkTotals(counts: PageCounts, records: readonly FinalRecord[]): readonly Finding[] {
  const here = records.filter(({ page }) => page === counts.page);
  const findings = Object.entries(counts.counts).flatMap(([reaction, count]): Finding[] => {
    const held = here.filter((record) => record.reaction === reaction).length;
    if (count === held) return [];
    const detail = `${counts.page}: ${count} ${reaction} counted, ${held} records`;
    return [{ kind: count > held ? "doubled" : "miscounted", detail }];
  });
  const sum = Object.values(counts.counts).reduce((total, count) => total + count, 0);
  if (sum === counts.total) return findings;
  return [...findings, { kind: "miscounted", detail: `${counts.page}: total ${counts.total}, sum ${sum}` }];
}

/** Once a voter was told that a vote is tallied, they read it back until they vote again. */
function checkReads(
  history: History,
  byVoter: ReadonlyMap<string, readonly VoteAsked[]>,
): readonly Finding[] {
  return history.reads.flatMap((read): Finding[] => {
    const votes = byVoter.get(key(read)) ?? [];
    const tallied = votes.filter((vote) => vote.outcome === "tallied" && vote.ended_ms <= read.began_ms);
    const last = tallied.at(-1);
    // Anything else that may have happened in between makes any answer possible.
    const alone = votes.every(
      (vote) => vote === last || (isAccepted(vote) && vote.ended_ms < (last?.began_ms ?? 0)),
    );
    if (last === undefined || !alone || read.reaction === last.reaction) return [];
    return [
      { kind: "stale", detail: `${read.page}: read ${read.reaction} after ${last.reaction} was tallied` },
    ];
  });
}

/** What one connection was sent of a page only ever grew newer, and was never ahead of what there is. */
function checkSeen(seen: readonly CountsSeen[], pages: readonly PageCounts[]): readonly Finding[] {
  const finals = new Map(pages.map((counts) => [counts.page, counts]));
  const last = new Map<string, PageCounts>();
  return seen.flatMap(({ connection, counts }): Finding[] => {
    const name = `${connection}\n${counts.page}`;
    const before = last.get(name);
    last.set(name, counts);
    const where = `${counts.page}: ${connection} was sent revision ${counts.rev}`;
    if (before?.epoch === counts.epoch && before.rev >= counts.rev)
      return [{ kind: "stale", detail: `${where} after ${before.rev}` }];
    const end = finals.get(counts.page);
    if (end?.epoch === counts.epoch && end.rev < counts.rev)
      return [{ kind: "lost", detail: `${where}, but the page ended at ${end.rev}` }];
    return [];
  });
}

function checkShown({ shown, pages }: FinalState): readonly Finding[] {
  const finals = new Map(pages.map((counts) => [counts.page, counts]));
  return shown.flatMap(({ viewer, counts }): Finding[] => {
    const end = finals.get(counts.page);
    if (
      end === undefined ||
      (end.rev === counts.rev && end.epoch === counts.epoch && sameCounts(end, counts))
    )
      return [];
    return [
      { kind: "stale", detail: `${counts.page}: ${viewer} ended at revision ${counts.rev}, not ${end.rev}` },
    ];
  });
}

function sameCounts(one: PageCounts, other: PageCounts): boolean {
  return Object.entries(one.counts).every(([reaction, count]) => other.counts[reaction] === count);
}

function isAccepted(vote: VoteAsked): boolean {
  return vote.outcome === "accepted" || vote.outcome === "tallied";
}

function stampOf(vote: VoteAsked): number {
  return vote.at ?? 0;
}

function groupByKey(votes: readonly VoteAsked[]): ReadonlyMap<string, readonly VoteAsked[]> {
  const groups = new Map<string, VoteAsked[]>();
  for (const vote of votes) {
    const group = groups.get(key(vote));
    if (group === undefined) groups.set(key(vote), [vote]);
    else group.push(vote);
  }
  return groups;
}

function key({ voter, page }: { readonly voter: string; readonly page: string }): string {
  return `${page}\n${voter}`;
}

function finding(kind: FindingKind, what: VoteAsked | FinalRecord): Finding {
  const { page, voter, reaction, at } = what;
  return {
    kind,
    detail: `${page}: ${reaction ?? "withdrawn"} of ${voter.slice(5, 15)}… stamped ${at ?? "never"}`,
  };
}
