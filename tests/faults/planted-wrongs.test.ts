/** The checker's own test: each kind of wrong that is planted in a sound history is caught. */
import { describe, expect, it } from "vitest";
import type { FinalRecord } from "./rig/history.ts";
import {
  answered,
  answeredWith,
  asked,
  type Case,
  counts,
  ending,
  kinds,
  outsideOf,
  PAGE,
  READ_MS,
  record,
  replaced,
  seeing,
  seeingCounts,
  seen,
  sound,
  telling,
  unanswered,
  unknownStamped,
} from "./rig/sound-history.ts";

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
      (planted) => seeing(planted, answered(4, "w.1"), seen(3, "w.1")),
    ],
    [
      "a watch that was answered with less than its viewer had known before",
      "stale",
      (planted) => seeing(planted, answered(4, "v.3", 25_106)),
    ],
    [
      "news older than what their viewer had known on the connection before",
      "stale",
      (planted) => seeing(planted, seen(4, "v.3", "e", 26_006)),
    ],
    [
      "a viewer who came back to less after another epoch",
      "stale",
      (planted) => seeing(planted, seen(1, "v.2", "f"), answered(4, "v.3", 25_106)),
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
