/** The table of results: what it says was not met, and what it takes over from an older one. */
import { describe, expect, it } from "vitest";
import { History } from "./rig/history.ts";
import { Report } from "./rig/report.ts";
import { brokenRound, type Measured, type RoundResult } from "./rig/round.ts";
import { unanswered } from "./rig/sound-history.ts";

function round(more: Partial<RoundResult>, ...measured: readonly Measured[]): RoundResult {
  return {
    findings: [],
    history: new History(),
    final: { read_ms: 0, pages: [], records: [], viewers: [], shown: [] },
    accepted: 10,
    answers: { refusal_ms_max: 0, wait_ms_max: 0, unanswered: 0, otherwiseRefused: 0 },
    recovered_ms: 0,
    load_ms: 1_000,
    settled_ms: 0,
    measured,
    ...more,
  };
}

/** A cell of the only row of a table. */
function cell(table: string, column: string): string | undefined {
  const [head = [], , row = []] = table.split("\n").map((text) => text.split(" | "));
  return row[head.indexOf(column)];
}

const current = (value: number): Measured => ({ what: "current after", value, unit: "s" });
const LIMITS = { recovered_ms: 2_000, measured: { "current after": 5 } };

describe("a report", () => {
  it("counts rounds and strikes, and keeps the worst of all rounds", () => {
    const report = new Report();
    const entry = { strikes: 10, limits: LIMITS };
    report.add("storm", entry, round({ recovered_ms: 900 }, current(4)));
    report.add("storm", entry, round({ recovered_ms: 100 }, current(2)));
    expect(
      ["rounds", "times", "first 202 after", "measured", "met"].map((at) => cell(report.table, at)),
    ).toEqual(["2", "20", "0.90 s", "current after: 4.0 s", "yes"]);
    expect([report.sound, report.met]).toEqual([true, true]);
  });

  it.each<[string, RoundResult, string]>([
    ["late", round({ recovered_ms: 2_001 }, current(1)), "first 202 after more than 2 s"],
    ["too much", round({}, current(5.1)), "current after: more than 5 s"],
    ["not measured", round({}), "current after: not measured"],
  ])("says what was not met: %s", (_how, result, words) => {
    const report = new Report();
    report.add("storm", { limits: LIMITS }, result);
    expect(cell(report.table, "met")).toBe(`no: ${words}`);
    expect([report.sound, report.met]).toEqual([true, false]);
  });

  it.each<[string, readonly number[], string, string]>([
    ["below zero", [-3, -5], "-3.0 s", "yes"],
    ["no number", [4, Number.NaN, 1], "NaN s", "no: current after: more than 5 s"],
    ["endless", [Number.POSITIVE_INFINITY, 1], "Infinity s", "no: current after: more than 5 s"],
  ])("keeps the worst of what is %s", (_how, values, most, met) => {
    const report = new Report();
    for (const value of values) report.add("storm", { limits: LIMITS }, round({}, current(value)));
    expect(["measured", "met"].map((at) => cell(report.table, at))).toEqual([`current after: ${most}`, met]);
  });

  it("tells votes that were accepted from those that were asked for", () => {
    const report = new Report();
    report.add("away", {}, round({ load_ms: 2_000 }));
    expect(cell(report.table, "accepted a second")).toBe("5");
  });

  it("holds refusals to 503: neither something else nor silence", () => {
    const report = new Report();
    const answers = { refusal_ms_max: 2_100, wait_ms_max: 2_100, unanswered: 2, otherwiseRefused: 1 };
    report.add("away", { limits: { refusal_ms: 2_000 } }, round({ answers }));
    expect(cell(report.table, "met")).toBe(
      "no: refused after more than 2 s; 2 without an answer; 1 refused by something else than 503",
    );
  });

  it("has a round that threw as a finding", () => {
    const report = new Report();
    report.add("freeze", {}, brokenRound(new Error("it would not thaw")));
    expect(["other", "first 202 after", "met"].map((at) => cell(report.table, at))).toEqual([
      "1",
      "never",
      "no: 1 findings",
    ]);
    expect(report.sound).toBe(false);
  });

  it("asks for as many strikes and votes as prove something; a round that broke struck nobody knows how often", () => {
    const report = new Report();
    const entry = { strikes: 10, limits: { strikes: 20, askedASecond: 500 } };
    report.add("kill", entry, round({}));
    expect(cell(report.table, "met")).toBe("no: 20 times are needed; 500 votes a second are needed");
    const history = new History();
    history.votes.push(...Array.from({ length: 1_000 }, () => unanswered("a", 0, "great")));
    report.add("kill", entry, round({ history }));
    expect(cell(report.table, "met")).toBe("yes");
    report.add("kill", entry, brokenRound(new Error("it did not start")));
    expect(cell(report.table, "times")).toBe("20");
  });

  it("takes over rows of faults that were not tried, by the names of their columns", () => {
    const report = new Report();
    report.add("freeze", {}, round({}));
    const older =
      "## faults\n\n| fault | times | met | run |\n| --- | --- | --- | --- |\n| cut | 7 |  | then |\n| gone | 6 |  | then |\n";
    const table = report.tableOver(`${older}| freeze | 8 |  | then |\n`, "now", ["cut", "freeze"]);
    const [, , cut, freeze, ...more] = table.split("\n");
    expect(more).toEqual([]);
    expect(cut).toMatch(/^\| cut \| {2}\| 7 \|.* \| then \|$/);
    expect(freeze).toMatch(/^\| freeze \| 1 \| 1 \|.* \| now \|$/);
  });
});
