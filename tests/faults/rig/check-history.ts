/**
 * Proves from a history and the state it ended in that nothing was lost, doubled or invented. Pure, and ignorant of the
 * service's code: it knows what clients were told and what a reader can see. After Jepsen (jepsen.io): a vote without an
 * answer may take effect at any time after it was asked, or never.
 */
import type { PageCounts } from "../../../shared/contract/counts.ts";
import { checkSeen } from "./check-seen.ts";
import { checkAnswers, checkTold, sameCounts } from "./check-told.ts";
import type { Finding, FindingKind } from "./finding.ts";
import type { FinalRecord, FinalState, History, OutsideView, VoteAsked } from "./history.ts";

/** Two processes read Redis's clock over round trips of up to 500 ms, so their stamps may differ by as much. */
export const CLOCK_SLACK_MS = 1_000;

/** What the service may say to a vote that is in order: accepted, tallied, not now, or, when it dies, nothing. */
const ANSWERS: readonly number[] = [202, 200, 503, 0];

export function checkHistory(history: History, final: FinalState): readonly Finding[] {
  const records = groupByKey(final.records);
  const byVoter = groupByKey(history.votes);
  return [
    ...[...byVoter].flatMap(([name, votes]) => [
      ...checkRecord(votes, newestOf(records.get(name) ?? []), final.read_ms),
      ...checkStamps(votes),
      ...checkOrder(votes),
    ]),
    ...checkOnce(records),
    ...[...records]
      .filter(([name]) => !byVoter.has(name))
      .flatMap(([, [record]]) => (record === undefined ? [] : [finding("invented", record)])),
    ...final.pages.flatMap((counts) => checkTotals(counts, final.records)),
    ...history.votes
      .filter(({ status }) => !ANSWERS.includes(status))
      .map(
        ({ page, road, status }): Finding => ({ kind: "refused", detail: `${page}: ${status} over ${road}` }),
      ),
    ...checkReads(history, byVoter),
    ...checkTold(history, final),
    ...checkAnswers(history, final),
    ...checkSeen(history.seen, final.pages),
    ...checkShown(final),
    ...(final.outside === undefined ? [] : checkOutside(final, final.outside)),
  ];
}

/** No voter has two records on a page: both sides of a switch, say. */
function checkOnce(records: ReadonlyMap<string, readonly FinalRecord[]>): readonly Finding[] {
  return [...records.values()].flatMap(([, ...more]) => more.map((record) => finding("doubled", record)));
}

/**
 * The record of one voter on one page must be that of the newest accepted vote, or of one whose outcome is unknown.
 * @param read_ms when the record was read
 */
function checkRecord(
  votes: readonly VoteAsked[],
  record: FinalRecord | undefined,
  read_ms: number,
): readonly Finding[] {
  const accepted = votes.filter(isAccepted);
  const newest = newestOf(accepted);
  if (record === undefined) return newest === undefined ? [] : [finding("lost", newest)];
  if (newest !== undefined && record.at < stampOf(newest)) return [finding("lost", newest)];
  // Who was told a stamp knows what was stamped; but two processes may give one voter the same within a moment, and one of them wins.
  const stamped = accepted.filter((vote) => stampOf(vote) === record.at);
  // A process that stood still, or a network that was slow, stamps long after the client gave up, but not after the end.
  const until_ms = (vote: VoteAsked): number => (stamped.length === 0 ? read_ms : vote.ended_ms);
  const possible = votes.filter(
    (vote) =>
      stamped.includes(vote) ||
      (vote.outcome === "unknown" && isWithin(record.at, vote.began_ms, until_ms(vote))),
  );
  return possible.some(({ reaction }) => reaction === record.reaction) ? [] : [finding("invented", record)];
}

/** Whether a stamp is of a time, give or take what clocks may be apart. */
function isWithin(at: number, began_ms: number, ended_ms: number): boolean {
  return began_ms - CLOCK_SLACK_MS <= at && at <= ended_ms + CLOCK_SLACK_MS;
}

/** Stamps are of Redis's clock, which is ours as well: each is of the time between question and answer. */
function checkStamps(votes: readonly VoteAsked[]): readonly Finding[] {
  return votes
    .filter((vote) => isAccepted(vote) && !isWithin(stampOf(vote), vote.began_ms, vote.ended_ms))
    .map((vote) => finding("misordered", vote));
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
  const here = records.filter(({ page, held }) => page === counts.page && held !== true);
  return Object.entries(counts.counts).flatMap(([reaction, count]): Finding[] => {
    const held = here.filter((record) => record.reaction === reaction).length;
    if (count === held) return [];
    const detail = `${counts.page}: ${count} ${reaction} counted, ${held} records`;
    return [{ kind: count > held ? "doubled" : "miscounted", detail }];
  });
}

/** Once a voter was told that a vote is tallied, they read it back until they vote again. */
function checkReads(
  history: History,
  byVoter: ReadonlyMap<string, readonly VoteAsked[]>,
): readonly Finding[] {
  return history.reads.flatMap((read): Finding[] => {
    const votes = (byVoter.get(key(read)) ?? []).filter(({ began_ms }) => began_ms <= read.ended_ms);
    const last = newestOf(
      votes.filter((vote) => vote.outcome === "tallied" && vote.ended_ms <= read.began_ms),
    );
    if (last === undefined || read.reaction === last.reaction) return [];
    // Anything else that may have happened in between makes any answer possible.
    const alone = votes.every(
      (vote) =>
        vote === last ||
        vote.outcome === "refused" ||
        (isAccepted(vote) && vote.ended_ms < last.began_ms && stampOf(vote) < stampOf(last)),
    );
    if (!alone) return [];
    return [
      { kind: "stale", detail: `${read.page}: read ${read.reaction} after ${last.reaction} was tallied` },
    ];
  });
}

/** Every viewer shows the final counts of every page that has any. */
function checkShown({ viewers, shown, pages }: FinalState): readonly Finding[] {
  const shows = new Map(shown.map(({ viewer, counts }) => [`${viewer}\n${counts.page}`, counts]));
  return viewers.flatMap((viewer) =>
    pages.flatMap((end): Finding[] => {
      const counts = shows.get(`${viewer}\n${end.page}`);
      if (counts === undefined && end.epoch === "") return [];
      if (counts !== undefined && isSame(end, counts)) return [];
      const ended = counts === undefined ? "was told nothing" : `ended at revision ${counts.rev}`;
      return [{ kind: "stale", detail: `${end.page}: ${viewer} ${ended}, not ${end.rev}` }];
    }),
  );
}

/** Counts, export and what voters read of their own say what Redis keeps. */
function checkOutside({ pages, records }: FinalState, outside: OutsideView): readonly Finding[] {
  const told = (page: string) => outside.pages.filter((counts) => counts.page === page);
  const [kept, exported] = [groupByKey(records), groupByKey(outside.records)];
  const saying = (kind: FindingKind, who: string, what: VoteAsked | FinalRecord): Finding => {
    const { detail } = finding(kind, what);
    return { kind, detail: `${who}: ${detail}` };
  };
  return [
    ...pages.flatMap((end): Finding[] => {
      const counts = told(end.page);
      if (counts.length > 0 && counts.every((one) => isSame(end, one))) return [];
      const revisions = counts.map(({ rev }) => rev).join(" and ");
      return [{ kind: "stale", detail: `${end.page}: told revision ${revisions}, not ${end.rev}` }];
    }),
    ...checkOnce(exported),
    ...[...kept].flatMap(([name, group]): Finding[] => {
      const [record, line] = [newestOf(group), newestOf(exported.get(name) ?? [])];
      if (record === undefined) return [];
      if (line === undefined) return [saying("lost", "not exported", record)];
      const same = line.at === record.at && line.reaction === record.reaction && line.held === record.held;
      return same ? [] : [saying("stale", "exported", line)];
    }),
    ...outside.records
      .filter((line) => !kept.has(key(line)))
      .map((line) => saying("invented", "exported", line)),
    ...outside.mine.flatMap((mine): Finding[] => {
      const reaction = newestOf(kept.get(key(mine)) ?? [])?.reaction ?? null;
      if (mine.reaction === reaction) return [];
      return [{ kind: "stale", detail: `${mine.page}: read ${mine.reaction} where ${reaction} is kept` }];
    }),
  ];
}

function isSame(one: PageCounts, other: PageCounts): boolean {
  return one.rev === other.rev && one.epoch === other.epoch && sameCounts(one, other);
}

function isAccepted(vote: VoteAsked): boolean {
  return vote.outcome === "accepted" || vote.outcome === "tallied";
}

function stampOf({ at }: { readonly at?: number }): number {
  return at ?? 0;
}

/** Of those with the same stamp the first. */
function newestOf<Stamped extends { readonly at?: number }>(all: readonly Stamped[]): Stamped | undefined {
  return all.reduce<Stamped | undefined>(
    (best, one) => (best === undefined || stampOf(one) > stampOf(best) ? one : best),
    undefined,
  );
}

function groupByKey<Of extends { readonly voter: string; readonly page: string }>(
  all: readonly Of[],
): ReadonlyMap<string, readonly Of[]> {
  const groups = new Map<string, Of[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group === undefined) groups.set(key(one), [one]);
    else group.push(one);
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
