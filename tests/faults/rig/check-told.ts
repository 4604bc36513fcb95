/** Whether the counts that viewers saw, and voters were answered with, could be those of the page at that moment. */
import type { PageCounts } from "../../../shared/contract/counts.ts";
import type { Finding } from "./finding.ts";
import type { CountsSeen, FinalState, History, VoteAsked } from "./history.ts";

/** Counts that somebody was told. */
interface Told {
  readonly who: string;
  /** When, Unix ms; undefined: in the end. */
  readonly told_ms?: number;
  readonly counts: PageCounts;
}

/**
 * All counts that were ever told of a page: never below zero, never more than had voted by then, adding up, and one
 * revision always with the same counts, whoever was told.
 */
export function checkTold({ votes, seen }: History, { pages }: FinalState): readonly Finding[] {
  const asked = askedByPage(votes);
  const told: readonly Told[] = [
    ...pages.map((counts) => ({ who: "the end", counts })),
    ...seen.map(toldTo),
    ...votes.flatMap(({ counts, ended_ms }) =>
      counts === undefined ? [] : [{ who: "an answer", told_ms: ended_ms, counts }],
    ),
  ];
  const revisions = new Map<string, Told>();
  return told.flatMap((one): Finding[] => {
    const { who, counts } = one;
    const { page, epoch, rev } = counts;
    const where = `${page}: ${who}, revision ${rev}`;
    const name = `${page}\n${epoch}\n${rev}`;
    const before = revisions.get(name);
    if (before === undefined) revisions.set(name, one);
    return [
      ...checkSum(counts).map((what): Finding => ({ kind: "miscounted", detail: `${where}: ${what}` })),
      ...checkVoters(one, asked.get(page)).map(
        (what): Finding => ({ kind: "doubled", detail: `${where}: ${what}` }),
      ),
      ...(before === undefined || sameCounts(before.counts, counts)
        ? []
        : [{ kind: "miscounted" as const, detail: `${where}: ${before.who} was told other counts of it` }]),
    ];
  });
}

/**
 * Whoever is answered with counts after `Prefer: wait` finds their own vote in them, and the page never goes back behind them.
 * @param mayHold whether votes may be held here: then they are in no total
 */
export function checkAnswers({ votes }: History, { pages, mayHold }: FinalState): readonly Finding[] {
  return votes.flatMap((vote): Finding[] => {
    if (vote.outcome !== "tallied") return [];
    const { page, reaction, counts } = vote;
    if (counts === undefined) return [{ kind: "lost", detail: `${page}: tallied, but told no counts` }];
    const end = pages.find((one) => one.page === page);
    if (end?.epoch === counts.epoch && end.rev < counts.rev)
      return [
        { kind: "lost", detail: `${page}: answered with revision ${counts.rev}, but ended at ${end.rev}` },
      ];
    if (reaction === null || mayHold === true || (counts.counts[reaction] ?? 0) >= 1) return [];
    if (votes.some((other) => mayHaveReplaced(other, vote))) return [];
    return [{ kind: "lost", detail: `${page}: ${reaction} is tallied, but there is none in its answer` }];
  });
}

/** Whether another vote of the same voter may have taken the place of one before its answer was made. */
function mayHaveReplaced(other: VoteAsked, vote: VoteAsked): boolean {
  return (
    other.voter === vote.voter &&
    other.page === vote.page &&
    other.reaction !== vote.reaction &&
    other.outcome !== "refused" &&
    other.began_ms <= vote.ended_ms &&
    (other.at === undefined || vote.at === undefined || other.at >= vote.at)
  );
}

function toldTo({ connection, seen_ms, counts }: CountsSeen): Told {
  return { who: connection, told_ms: seen_ms, counts };
}

function checkSum({ counts, total }: PageCounts): readonly string[] {
  const each = Object.values(counts);
  const sum = each.reduce((all, count) => all + count, 0);
  return [
    ...(each.every((count) => Number.isSafeInteger(count) && count >= 0)
      ? []
      : [`these are no counts: ${each.join(", ")}`]),
    ...(sum === total ? [] : [`total ${total}, sum ${sum}`]),
  ];
}

function checkVoters({ counts: { counts, total }, told_ms }: Told, asked?: AskedOfPage): readonly string[] {
  const most = (voters: readonly number[] = []): number =>
    told_ms === undefined ? voters.length : countUntil(voters, told_ms);
  const all = most(asked?.all);
  return [
    ...Object.entries(counts).flatMap(([reaction, count]) => {
      const voters = most(asked?.of.get(reaction));
      return count > voters ? [`${count} ${reaction}, of ${voters} voters`] : [];
    }),
    ...(total > all ? [`total ${total}, of ${all} voters`] : []),
  ];
}

/** When each voter first asked for something that may have been stored, sorted, Unix ms. */
interface AskedOfPage {
  readonly all: readonly number[];
  readonly of: ReadonlyMap<string, readonly number[]>;
}

function askedByPage(votes: readonly VoteAsked[]): ReadonlyMap<string, AskedOfPage> {
  // By page, then by reaction ("": any), then by voter.
  const firsts = new Map<string, Map<string, Map<string, number>>>();
  const note = (page: string, reaction: string, voter: string, at_ms: number): void => {
    const ofPage = firsts.get(page) ?? new Map<string, Map<string, number>>();
    const voters = ofPage.get(reaction) ?? new Map<string, number>();
    firsts.set(page, ofPage.set(reaction, voters));
    voters.set(voter, Math.min(voters.get(voter) ?? Number.POSITIVE_INFINITY, at_ms));
  };
  for (const { page, reaction, voter, began_ms, outcome } of votes) {
    if (reaction === null || outcome === "refused") continue;
    note(page, "", voter, began_ms);
    note(page, reaction, voter, began_ms);
  }
  const sorted = (voters: ReadonlyMap<string, number> = new Map()): readonly number[] =>
    [...voters.values()].sort((a, b) => a - b);
  return new Map(
    [...firsts].map(([page, ofPage]) => [
      page,
      {
        all: sorted(ofPage.get("")),
        of: new Map([...ofPage].map(([reaction, voters]) => [reaction, sorted(voters)])),
      },
    ]),
  );
}

/** How many of `times`, which are sorted, are not after `until`. */
function countUntil(times: readonly number[], until: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= until) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether two say the same of every reaction. */
export function sameCounts(one: PageCounts, other: PageCounts): boolean {
  return (
    one.total === other.total &&
    Object.entries(one.counts).every(([reaction, count]) => other.counts[reaction] === count)
  );
}
