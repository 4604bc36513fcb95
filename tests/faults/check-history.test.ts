/** The checker's own test: a sound history passes, and each kind of wrong that is planted in it is caught. */
import { describe, expect, it } from "vitest";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { checkHistory } from "./rig/check-history.ts";
import type { CountsSeen, FinalRecord, FinalState, History, OutsideView, VoteAsked } from "./rig/history.ts";

const PAGE = "p";
/** When the end was read. */
const READ_MS = 60_000;

function asked(voter: string, at: number, reaction: string | null, more: Partial<VoteAsked> = {}): VoteAsked {
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
function unanswered(voter: string, began_ms: number, reaction: string | null): VoteAsked {
  const { at: _, ...vote } = asked(voter, began_ms, reaction, { outcome: "unknown", status: 0 });
  return vote;
}

function record(voter: string, at: number, reaction: string | null): FinalRecord {
  return { voter, page: PAGE, reaction, at };
}

function counts(great: number, sad: number, rev: number, epoch = "e"): PageCounts {
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
const seen = (rev: number, connection = "v.1", epoch = "e"): CountsSeen => ({
  connection,
  seen_ms: 25_000 + rev,
  counts: counts(1, rev < 5 ? 0 : 1, rev, epoch),
});

/** What no revision of the sound page was. */
const seeingCounts = (impossible: PageCounts, connection = "w.1", seen_ms = 26_000): CountsSeen => ({
  connection,
  seen_ms,
  counts: impossible,
});

/** The counts that a watch was answered with. */
const answered = (rev: number, connection: string): CountsSeen => ({
  ...seen(rev, connection),
  answer: true,
});

/** Tells what is kept. */
function outsideOf(pages: readonly PageCounts[], records: readonly FinalRecord[]): OutsideView {
  return { pages, records, mine: records.map(({ voter, page, reaction }) => ({ voter, page, reaction })) };
}

/** Another end, which nobody watches and which is told outside as it is. */
function ending({ final }: Case, pages: readonly PageCounts[], records = final.records): FinalState {
  return { read_ms: READ_MS, pages, records, viewers: [], shown: [], outside: outsideOf(pages, records) };
}

interface Case {
  readonly history: History;
  readonly final: FinalState;
}

/** Two voters hold great and sad, a third withdrew, a fourth never knew; one viewer saw it all. */
function sound(): Case {
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
      seen: [seen(1), answered(1, "v.1"), seen(2), answered(1, "v.2"), seen(1, "v.2"), seen(5, "v.2")],
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
function kinds({ history, final }: Case): readonly string[] {
  return [...new Set(checkHistory(history, final).map(({ kind }) => kind))];
}

describe("a sound history", () => {
  it("passes", () => expect(kinds(sound())).toEqual([]));

  it("passes when a vote with an unknown outcome is there, once", () => {
    const { history, final } = sound();
    const records = [...final.records, record("d", 15_001, "great")];
    expect(kinds({ history, final: ending({ history, final }, [counts(2, 1, 6)], records) })).toEqual([]);
  });

  it("passes when a vote without an answer took effect after a later one", () => {
    const { history, final } = sound();
    history.votes.push(unanswered("b", 9_000, "great"));
    const records = final.records.map((kept) => (kept.voter === "b" ? record("b", 11_000, "great") : kept));
    expect(kinds({ history, final: ending({ history, final }, [counts(2, 0, 6)], records) })).toEqual([]);
  });

  it("passes when a watch is answered after news that were newer", () => {
    const { history, final } = sound();
    history.seen.push(answered(3, "v.2"));
    expect(kinds({ history, final })).toEqual([]);
  });

  it("passes when a voter reads something else while another vote is under way", () => {
    const { history, final } = sound();
    history.reads.push({ voter: "a", page: PAGE, reaction: "sad", began_ms: 30_000, ended_ms: 30_010 });
    history.votes.push(unanswered("a", 30_005, "sad"));
    expect(kinds({ history, final })).toEqual([]);
  });

  it("passes when a vote was stored long after its client gave up", () => {
    const { history, final } = sound();
    const records = [...final.records, record("d", 58_000, "great")];
    expect(kinds({ history, final: ending({ history, final }, [counts(2, 1, 6)], records) })).toEqual([]);
  });

  it("passes when a voter who was told a tally had pressed something else meanwhile", () => {
    const planted = sound();
    const told = { outcome: "tallied" as const, status: 200, counts: counts(1, 0, 3) };
    planted.history.votes.push(asked("f", 24_000, "sad", told), unanswered("f", 24_002, "great"));
    const records = [...planted.final.records, record("f", 24_002, "great")];
    expect(kinds({ ...planted, final: ending(planted, [counts(2, 1, 6)], records) })).toEqual([]);
  });

  it("passes when a vote is held: it is kept, and in no total", () => {
    const planted = sound();
    planted.history.votes.push(asked("f", 24_000, "sad"));
    const held: FinalRecord = { ...record("f", 24_000, "sad"), held: true };
    const end = ending(planted, [counts(1, 1, 6)], [...planted.final.records, held]);
    expect(kinds({ ...planted, final: end })).toEqual([]);
  });

  it("passes when nobody was told of a page that nobody voted on", () => {
    const { history, final } = sound();
    const empty = { ...counts(0, 0, 0, ""), page: "empty" };
    const outside = outsideOf([...final.pages, empty], final.records);
    expect(kinds({ history, final: { ...final, pages: [...final.pages, empty], outside } })).toEqual([]);
  });
});

/** With one voter's record replaced. */
function replaced({ final }: Case, by: FinalRecord): readonly FinalRecord[] {
  return final.records.map((kept) => (kept.voter === by.voter ? by : kept));
}

/** With something else told outside. */
function telling({ history, final }: Case, told: Partial<OutsideView>): Case {
  return { history, final: { ...final, outside: { ...outsideOf(final.pages, final.records), ...told } } };
}

/** With a vote that nobody knew of, kept with a stamp. */
function unknownStamped(planted: Case, at: number): Case {
  const records = [...planted.final.records, record("d", at, "great")];
  return { ...planted, final: ending(planted, [counts(2, 1, 6)], records) };
}

/** With one more voter who is sad and who was told so when that was tallied. */
function answeredWith(planted: Case, told?: PageCounts): Case {
  const tallied = asked("f", 24_000, "sad", { outcome: "tallied", status: 200 });
  planted.history.votes.push(told === undefined ? tallied : { ...tallied, counts: told });
  const records = [...planted.final.records, record("f", 24_000, "sad")];
  return { ...planted, final: ending(planted, [counts(1, 2, 6)], records) };
}

/** With more that viewers were sent. */
function seeing(planted: Case, ...more: CountsSeen[]): Case {
  planted.history.seen.push(...more);
  return planted;
}

describe("what is planted", () => {
  it.each<[string, string, (planted: Case) => Case]>([
    [
      "an accepted vote without a record",
      "lost",
      (planted) => ({
        ...planted,
        final: ending(planted, [counts(0, 1, 6)], planted.final.records.slice(1)),
      }),
    ],
    [
      "an older vote that came back",
      "lost",
      (planted) => ({
        ...planted,
        final: ending(planted, [counts(0, 2, 6)], replaced(planted, record("a", 10_000, "sad"))),
      }),
    ],
    [
      "a held vote that is counted",
      "doubled",
      (planted) => {
        planted.history.votes.push(asked("f", 24_000, "sad"));
        const held: FinalRecord = { ...record("f", 24_000, "sad"), held: true };
        return { ...planted, final: ending(planted, [counts(1, 2, 6)], [...planted.final.records, held]) };
      },
    ],
    [
      "a withdrawal that was forgotten",
      "lost",
      (planted) => ({
        ...planted,
        final: ending(planted, [counts(1, 2, 6)], replaced(planted, record("c", 10_000, "sad"))),
      }),
    ],
    [
      "a total above its records",
      "doubled",
      (planted) => ({ ...planted, final: ending(planted, [counts(2, 1, 6)]) }),
    ],
    [
      "a switch of which both sides were counted",
      "doubled",
      (planted) => ({ ...planted, final: ending(planted, [counts(1, 2, 6)]) }),
    ],
    [
      "a record twice",
      "doubled",
      ({ history, final }) => {
        const records = [...final.records, record("b", 10_000, "sad")];
        const pages = [counts(1, 2, 6)];
        // The export says each voter once.
        const outside = outsideOf(pages, final.records);
        return { history, final: { read_ms: READ_MS, pages, records, viewers: [], shown: [], outside } };
      },
    ],
    [
      "records of both sides of a switch",
      "doubled",
      ({ history, final }) => {
        const records = [...final.records, record("a", 10_000, "sad")];
        const pages = [counts(1, 2, 6)];
        const outside = outsideOf(pages, final.records);
        return { history, final: { read_ms: READ_MS, pages, records, viewers: [], shown: [], outside } };
      },
    ],
    [
      "a vote with an unknown outcome that is there twice",
      "doubled",
      ({ history, final }) => {
        const once = [...final.records, record("d", 15_001, "great")];
        const pages = [counts(3, 1, 6)];
        const records = [...once, record("d", 15_400, "great")];
        const outside = outsideOf(pages, [...final.records, record("d", 15_400, "great")]);
        return { history, final: { read_ms: READ_MS, pages, records, viewers: [], shown: [], outside } };
      },
    ],
    [
      "a total below its records",
      "miscounted",
      (planted) => ({ ...planted, final: ending(planted, [counts(1, 0, 6)]) }),
    ],
    [
      "a sum that is not the total",
      "miscounted",
      (planted) => ({ ...planted, final: ending(planted, [{ ...counts(1, 1, 6), total: 3 }]) }),
    ],
    [
      "a record that nobody asked for",
      "invented",
      (planted) => ({
        ...planted,
        final: ending(planted, [counts(2, 1, 6)], [...planted.final.records, record("x", 10_000, "great")]),
      }),
    ],
    [
      "a refused vote that was counted",
      "invented",
      (planted) => {
        const { at: _, ...refused } = asked("e", 10_000, "great", { outcome: "refused", status: 503 });
        planted.history.votes.push(refused);
        const records = [...planted.final.records, record("e", 10_000, "great")];
        return { ...planted, final: ending(planted, [counts(2, 1, 6)], records) };
      },
    ],
    [
      "a record with another reaction than its vote",
      "invented",
      (planted) => ({
        ...planted,
        final: ending(planted, [counts(0, 2, 6)], replaced(planted, record("a", 20_000, "sad"))),
      }),
    ],
    [
      "a record with the stamp of one vote and the reaction of another, whose outcome is unknown",
      "invented",
      (planted) => {
        planted.history.votes.push(unanswered("a", 15_000, "sad"));
        return {
          ...planted,
          final: ending(planted, [counts(0, 2, 6)], replaced(planted, record("a", 20_000, "sad"))),
        };
      },
    ],
    [
      "a stamp older than that of a vote long before",
      "misordered",
      (planted) => {
        // Both are as far from their time as clocks may be, each the other way.
        const early = asked("b", 10_990, "sad", { began_ms: 9_990, ended_ms: 10_000 });
        const late = asked("b", 10_050, "great", { began_ms: 11_010, ended_ms: 11_020 });
        planted.history.votes.push(early, late);
        return {
          ...planted,
          final: ending(planted, [counts(1, 1, 6)], replaced(planted, record("b", 10_990, "sad"))),
        };
      },
    ],
    [
      "a stamp of a clock that is five minutes ahead",
      "misordered",
      (planted) => {
        planted.history.votes.push(asked("b", 340_000, "sad", { began_ms: 40_000, ended_ms: 40_010 }));
        return {
          ...planted,
          final: ending(planted, [counts(1, 1, 6)], replaced(planted, record("b", 340_000, "sad"))),
        };
      },
    ],
    [
      "a stamp of a clock that is behind, told with the tally",
      "misordered",
      (planted) => {
        const late = { outcome: "tallied" as const, status: 200, began_ms: 40_000, ended_ms: 40_010 };
        planted.history.votes.push(asked("b", 38_900, "sad", { ...late, counts: counts(1, 1, 5) }));
        return {
          ...planted,
          final: ending(planted, [counts(1, 1, 6)], replaced(planted, record("b", 38_900, "sad"))),
        };
      },
    ],
    [
      "a record from long before its vote was asked for, which was never answered",
      "invented",
      (planted) => unknownStamped(planted, 13_900),
    ],
    [
      "a record from after the end, of a vote that was never answered",
      "invented",
      (planted) => unknownStamped(planted, READ_MS + 1_100),
    ],
    ...[400, 401, 404, 409, 429, 500, 502].map((status): [string, string, (planted: Case) => Case] => [
      `a vote that was answered ${status}`,
      "refused",
      (planted) => {
        const outcome = status < 500 ? "refused" : "unknown";
        const { at: _, ...wrong } = asked("e", 10_000, "great", { outcome, status });
        planted.history.votes.push(wrong);
        return planted;
      },
    ]),
    [
      "a viewer who saw less than nothing",
      "miscounted",
      (planted) => seeing(planted, seeingCounts(counts(-1, 1, 3))),
    ],
    [
      "a viewer who saw half a vote",
      "miscounted",
      (planted) => seeing(planted, seeingCounts(counts(0.5, 0.5, 3))),
    ],
    [
      "a viewer who saw a total that is not the sum",
      "miscounted",
      (planted) => seeing(planted, seeingCounts({ ...counts(1, 0, 3), total: 2 })),
    ],
    [
      "a viewer who saw more of a reaction than asked for it",
      "doubled",
      (planted) => seeing(planted, seeingCounts(counts(3, 0, 3))),
    ],
    [
      "a viewer who saw both sides of every switch",
      "doubled",
      (planted) => seeing(planted, seeingCounts(counts(2, 3, 3))),
    ],
    [
      "a viewer who saw a vote before it was asked for",
      "doubled",
      (planted) => seeing(planted, seeingCounts(counts(1, 0, 3), "w.1", 14_000)),
    ],
    [
      "two viewers who saw different counts of one revision",
      "miscounted",
      (planted) =>
        seeing(planted, seeingCounts(counts(1, 0, 3), "w.1"), seeingCounts(counts(0, 1, 3), "w.2")),
    ],
    [
      "a viewer who saw other counts of the last revision than are kept",
      "miscounted",
      (planted) => seeing(planted, seeingCounts(counts(0, 1, 5))),
    ],
    [
      "an answer after a wait with more than there is in the end",
      "lost",
      (planted) => answeredWith(planted, counts(1, 2, 7)),
    ],
    [
      "an answer after a wait without the vote in it",
      "lost",
      (planted) => answeredWith(planted, counts(1, 0, 3)),
    ],
    ["an answer after a wait without counts", "lost", (planted) => answeredWith(planted)],
    [
      "an answer after a wait with other counts than a viewer saw",
      "miscounted",
      (planted) => {
        seeing(planted, seeingCounts(counts(1, 0, 4)));
        return answeredWith(planted, counts(0, 1, 4));
      },
    ],
    ["a revision that went back on one connection", "stale", (planted) => seeing(planted, seen(4, "v.2"))],
    ["the same revision twice on one connection", "stale", (planted) => seeing(planted, seen(5, "v.2"))],
    [
      "a revision that went back after another epoch",
      "stale",
      (planted) => seeing(planted, seen(1, "v.2", "f"), seen(3, "v.2")),
    ],
    [
      "news older than what the watch was answered with",
      "stale",
      (planted) => seeing(planted, answered(4, "v.3"), seen(3, "v.3")),
    ],
    ["a viewer who was shown more than there is", "lost", (planted) => seeing(planted, seen(6, "v.2"))],
    [
      "a watch that was answered with more than there is",
      "lost",
      (planted) => seeing(planted, answered(6, "v.3")),
    ],
    [
      "a viewer who ended with old counts",
      "stale",
      ({ history, final }) => ({
        history,
        final: { ...final, shown: [{ viewer: "v", counts: counts(1, 0, 4) }] },
      }),
    ],
    [
      "a viewer who ended with counts of another epoch",
      "stale",
      ({ history, final }) => ({
        history,
        final: { ...final, shown: [{ viewer: "v", counts: counts(1, 1, 5, "f") }] },
      }),
    ],
    [
      "a viewer who was told of no page",
      "stale",
      ({ history, final }) => ({ history, final: { ...final, viewers: ["v", "w"] } }),
    ],
    [
      "a viewer who was not told of one page",
      "stale",
      ({ history, final }) => {
        const other = { ...counts(0, 0, 1), page: "other" };
        const pages = [...final.pages, other];
        return { history, final: { ...final, pages, outside: outsideOf(pages, final.records) } };
      },
    ],
    [
      "a voter who does not read back what was tallied",
      "stale",
      (planted) => {
        const read = { voter: "a", page: PAGE, reaction: "sad", began_ms: 30_000, ended_ms: 30_010 };
        planted.history.reads.push(read);
        return planted;
      },
    ],
    ["old counts told outside", "stale", (planted) => telling(planted, { pages: [counts(1, 0, 4)] })],
    ["no counts told outside", "stale", (planted) => telling(planted, { pages: [] })],
    [
      "a record that is not exported",
      "lost",
      (planted) => telling(planted, { records: planted.final.records.slice(1) }),
    ],
    [
      "a record that is exported as it was before",
      "stale",
      (planted) => telling(planted, { records: replaced(planted, record("a", 10_000, "sad")) }),
    ],
    [
      "a record that is exported as held, and is not",
      "stale",
      (planted) =>
        telling(planted, { records: replaced(planted, { ...record("a", 20_000, "great"), held: true }) }),
    ],
    [
      "a record that is exported twice",
      "doubled",
      (planted) => telling(planted, { records: [...planted.final.records, record("b", 10_000, "sad")] }),
    ],
    [
      "a record that only the export has",
      "invented",
      (planted) => telling(planted, { records: [...planted.final.records, record("x", 10_000, "sad")] }),
    ],
    [
      "a voter who is told another vote in the end",
      "stale",
      (planted) => telling(planted, { mine: [{ voter: "c", page: PAGE, reaction: "sad" }] }),
    ],
  ])("%s is caught as %s", (_name, kind, plant) => {
    expect(kinds(plant(sound()))).toEqual([kind]);
  });
});
