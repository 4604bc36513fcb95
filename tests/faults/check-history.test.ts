/** The checker's own test: a sound history passes, and each kind of wrong that is planted in it is caught. */
import { describe, expect, it } from "vitest";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { checkHistory } from "./rig/check-history.ts";
import type { FinalRecord, FinalState, History, VoteAsked } from "./rig/history.ts";

const PAGE = "p";

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

const seen = (rev: number, connection = "v.1") => ({ connection, seen_ms: rev, counts: counts(1, 0, rev) });

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
        asked("a", 20_000, "great", { outcome: "tallied", status: 200 }),
        asked("b", 10_000, "sad"),
        asked("c", 10_000, "sad"),
        asked("c", 20_000, null),
        unanswered("d", 15_000, "great"),
      ],
      reads: [{ voter: "a", page: PAGE, reaction: "great", began_ms: 30_000 }],
      connections: [],
      seen: [seen(1), seen(2), seen(1, "v.2"), seen(5, "v.2")],
    },
    final: {
      pages: [counts(1, 1, 5)],
      records: [record("a", 20_000, "great"), record("b", 10_000, "sad"), record("c", 20_000, null)],
      shown: [{ viewer: "v", counts: counts(1, 1, 5) }],
    },
  };
}

function kinds({ history, final }: Case): readonly string[] {
  return checkHistory(history, final).map(({ kind }) => kind);
}

describe("a sound history", () => {
  it("passes", () => expect(kinds(sound())).toEqual([]));

  it("passes when a vote with an unknown outcome is there, once", () => {
    const { history, final } = sound();
    const records = [...final.records, record("d", 15_001, "great")];
    const pages = [counts(2, 1, 5)];
    expect(kinds({ history, final: { ...final, pages, records, shown: [] } })).toEqual([]);
  });

  it("passes when a vote without an answer took effect after a later one", () => {
    const { history, final } = sound();
    history.votes.push(unanswered("b", 9_000, "great"));
    const records = final.records.map((kept) => (kept.voter === "b" ? record("b", 11_000, "great") : kept));
    expect(kinds({ history, final: { ...final, pages: [counts(2, 0, 5)], records, shown: [] } })).toEqual([]);
  });
});

describe("what is planted", () => {
  it.each<[string, string, (planted: Case) => Case]>([
    [
      "an accepted vote without a record",
      "lost",
      ({ history, final }) => ({
        history,
        final: { ...final, records: final.records.slice(1), pages: [counts(0, 1, 5)], shown: [] },
      }),
    ],
    [
      "an older vote that came back",
      "lost",
      ({ history, final }) => ({
        history,
        final: {
          ...final,
          records: final.records.map((kept) => (kept.voter === "a" ? record("a", 10_000, "sad") : kept)),
          pages: [counts(0, 2, 5)],
          shown: [],
        },
      }),
    ],
    [
      "a withdrawal that was forgotten",
      "lost",
      ({ history, final }) => ({
        history,
        final: {
          ...final,
          records: final.records.map((kept) => (kept.voter === "c" ? record("c", 10_000, "sad") : kept)),
          pages: [counts(1, 2, 5)],
          shown: [],
        },
      }),
    ],
    [
      "a total above its records",
      "doubled",
      ({ history, final }) => ({ history, final: { ...final, pages: [counts(2, 1, 5)], shown: [] } }),
    ],
    [
      "a total below its records",
      "miscounted",
      ({ history, final }) => ({ history, final: { ...final, pages: [counts(1, 0, 5)], shown: [] } }),
    ],
    [
      "a sum that is not the total",
      "miscounted",
      ({ history, final }) => ({
        history,
        final: { ...final, pages: [{ ...counts(1, 1, 5), total: 3 }], shown: [] },
      }),
    ],
    [
      "a record that nobody asked for",
      "invented",
      ({ history, final }) => ({
        history,
        final: {
          ...final,
          records: [...final.records, record("x", 10_000, "great")],
          pages: [counts(2, 1, 5)],
          shown: [],
        },
      }),
    ],
    [
      "a refused vote that was counted",
      "invented",
      ({ history, final }) => {
        const { at: _, ...refused } = asked("e", 10_000, "great", { outcome: "refused", status: 400 });
        history.votes.push(refused);
        const records = [...final.records, record("e", 10_000, "great")];
        return { history, final: { ...final, records, pages: [counts(2, 1, 5)], shown: [] } };
      },
    ],
    [
      "a record with another reaction than its vote",
      "invented",
      ({ history, final }) => ({
        history,
        final: {
          ...final,
          records: final.records.map((kept) => (kept.voter === "a" ? record("a", 20_000, "sad") : kept)),
          pages: [counts(0, 2, 5)],
          shown: [],
        },
      }),
    ],
    [
      "a stamp older than that of a vote long before",
      "misordered",
      ({ history, final }) => {
        const late = asked("b", 9_000, "great", { began_ms: 40_000, ended_ms: 40_010 });
        history.votes.push(late);
        return { history, final };
      },
    ],
    [
      "a revision that went back on one connection",
      "stale",
      ({ history, final }) => {
        history.seen.push(seen(4, "v.2"));
        return { history, final };
      },
    ],
    [
      "the same revision twice on one connection",
      "stale",
      ({ history, final }) => {
        history.seen.push(seen(5, "v.2"));
        return { history, final };
      },
    ],
    [
      "a viewer who was shown more than there is",
      "lost",
      ({ history, final }) => {
        history.seen.push(seen(6, "v.2"));
        return { history, final };
      },
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
      "a voter who does not read back what was tallied",
      "stale",
      ({ history, final }) => {
        history.reads.push({ voter: "a", page: PAGE, reaction: "sad", began_ms: 30_000 });
        return { history, final };
      },
    ],
  ])("%s is caught as %s", (_name, kind, plant) => {
    expect(kinds(plant(sound()))).toEqual([kind]);
  });
});
