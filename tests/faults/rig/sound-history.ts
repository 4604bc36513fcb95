/** A sound history and its end, and ways to plant something in them: what the checker is tested with. */
import type { PageCounts } from "../../../shared/contract/counts.ts";
import { checkHistory } from "./check-history.ts";
import type { CountsSeen, FinalRecord, FinalState, History, OutsideView, VoteAsked } from "./history.ts";

export const PAGE = "p";
/** When the end was read. */
export const READ_MS = 60_000;

export function asked(
  voter: string,
  at: number,
  reaction: string | null,
  more: Partial<VoteAsked> = {},
): VoteAsked {
  const times = { began_ms: at - 5, ended_ms: at + 5 };
  return {
    voter,
    page: PAGE,
    reaction,
    road: "http",
    outcome: "accepted",
    status: 202,
    at,
    ...times,
    ...more,
  };
}

/** A vote whose answer never came. */
export function unanswered(voter: string, began_ms: number, reaction: string | null): VoteAsked {
  const { at: _, ...vote } = asked(voter, began_ms, reaction, { outcome: "unknown", status: 0 });
  return vote;
}

export function record(voter: string, at: number, reaction: string | null): FinalRecord {
  return { voter, page: PAGE, reaction, at };
}

export function counts(great: number, sad: number, rev: number, epoch = "e"): PageCounts {
  return {
    page: PAGE,
    counts: { great, sad, angry: 0, recommend: 0 },
    total: great + sad,
    epoch,
    rev,
    state: "open",
  };
}

/** The sound page ended at its fifth revision; those before had one vote less. */
export const seen = (rev: number, connection = "v.1", epoch = "e", seen_ms = 25_000 + rev): CountsSeen => ({
  connection,
  seen_ms,
  counts: counts(1, rev < 5 ? 0 : 1, rev, epoch),
});

/** What no revision of the sound page was. */
export const seeingCounts = (impossible: PageCounts, connection = "w.1", seen_ms = 26_000): CountsSeen => ({
  connection,
  seen_ms,
  counts: impossible,
});

/** The counts that a watch was answered with. */
export const answered = (rev: number, connection: string, asked_ms = 25_000): CountsSeen => ({
  ...seen(rev, connection, "e", asked_ms + rev),
  asked_ms,
});

/** Tells what is kept. */
export function outsideOf(pages: readonly PageCounts[], records: readonly FinalRecord[]): OutsideView {
  return { pages, records, mine: records.map(({ voter, page, reaction }) => ({ voter, page, reaction })) };
}

/** Another end, which nobody watches and which is told outside as it is. */
export function ending({ final }: Case, pages: readonly PageCounts[], records = final.records): FinalState {
  return { read_ms: READ_MS, pages, records, viewers: [], shown: [], outside: outsideOf(pages, records) };
}

export interface Case {
  readonly history: History;
  readonly final: FinalState;
}

/** Two voters hold great and sad, a third withdrew, a fourth never knew; one viewer saw it all. */
export function sound(): Case {
  return {
    history: {
      votes: [
        asked("a", 10_000, "sad"),
        asked("a", 20_000, "great", { outcome: "tallied", status: 200, counts: counts(1, 0, 2) }),
        asked("b", 10_000, "sad"),
        asked("c", 10_000, "sad"),
        asked("c", 20_000, null),
        unanswered("d", 15_000, "great"),
      ],
      reads: [{ voter: "a", page: PAGE, reaction: "great", began_ms: 30_000, ended_ms: 30_010 }],
      connections: [],
      underWay: new Set(),
      seen: [seen(1), answered(1, "v.1"), seen(2), answered(2, "v.2"), seen(2, "v.2"), seen(5, "v.2")],
    },
    final: {
      read_ms: READ_MS,
      pages: [counts(1, 1, 5)],
      records: [record("a", 20_000, "great"), record("b", 10_000, "sad"), record("c", 20_000, null)],
      viewers: ["v"],
      shown: [{ viewer: "v", counts: counts(1, 1, 5) }],
      outside: outsideOf(
        [counts(1, 1, 5)],
        [record("a", 20_000, "great"), record("b", 10_000, "sad"), record("c", 20_000, null)],
      ),
    },
  };
}

/** Each once: a total that is wrong is wrong in more than one way. */
export function kinds({ history, final }: Case): readonly string[] {
  return [...new Set(checkHistory(history, final).map(({ kind }) => kind))];
}

/** With one voter's record replaced. */
export function replaced({ final }: Case, by: FinalRecord): readonly FinalRecord[] {
  return final.records.map((kept) => (kept.voter === by.voter ? by : kept));
}

/** With something else told outside. */
export function telling({ history, final }: Case, told: Partial<OutsideView>): Case {
  return { history, final: { ...final, outside: { ...outsideOf(final.pages, final.records), ...told } } };
}

/** With a vote that nobody knew of, kept with a stamp. */
export function unknownStamped(planted: Case, at: number): Case {
  const records = [...planted.final.records, record("d", at, "great")];
  return { ...planted, final: ending(planted, [counts(2, 1, 6)], records) };
}

/** With one more voter who is sad and who was told so when that was tallied. */
export function answeredWith(planted: Case, told?: PageCounts): Case {
  const tallied = asked("f", 24_000, "sad", { outcome: "tallied", status: 200 });
  planted.history.votes.push(told === undefined ? tallied : { ...tallied, counts: told });
  const records = [...planted.final.records, record("f", 24_000, "sad")];
  return { ...planted, final: ending(planted, [counts(1, 2, 6)], records) };
}

/** With more that viewers were sent. */
export function seeing(planted: Case, ...more: CountsSeen[]): Case {
  planted.history.seen.push(...more);
  return planted;
}
