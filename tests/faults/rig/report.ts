/** What came of all rounds, as a table; histories of failures go to a folder that git ignores. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CatalogEntry } from "../catalog.ts";
import type { Answers } from "./answers.ts";
import { type Limits, missedLimits } from "./limits.ts";
import type { Measured, RoundResult } from "./round.ts";

const FAILURES = fileURLToPath(new URL("../failures/", import.meta.url));

const COLUMNS = [
  "fault",
  "rounds",
  "times",
  "asked a second",
  "accepted a second",
  "accepted",
  "lost",
  "doubled",
  "other",
  "longest refusal",
  "longest wait",
  "no answer",
  "first 202 after",
  "tallied in",
  "measured",
  "met",
  "run",
] as const;
const HEAD = line(COLUMNS);

/** What came of one fault. */
interface Row {
  rounds: number;
  strikes: number;
  asked: number;
  load_ms: number;
  votes: number;
  lost: number;
  doubled: number;
  other: number;
  answers: Answers;
  recovered_ms: number;
  settled_ms: number;
  /** The most of each. */
  readonly measured: Map<string, Measured>;
  readonly limits: Limits;
}

export class Report {
  readonly #rows = new Map<string, Row>();

  /** Whether no round found anything. */
  get sound(): boolean {
    return [...this.#rows.values()].every((row) => found(row) === 0);
  }

  /** Whether no fault went beyond its limits either. */
  get met(): boolean {
    return [...this.#rows.values()].every((row) => missed(row).length === 0);
  }

  add(
    fault: string,
    { strikes = 1, limits = {} }: Pick<CatalogEntry, "strikes" | "limits">,
    { findings, history, accepted, load_ms, answers, recovered_ms, settled_ms, measured }: RoundResult,
  ): void {
    const row = this.#rows.get(fault) ?? {
      rounds: 0,
      strikes: 0,
      asked: 0,
      load_ms: 0,
      votes: 0,
      lost: 0,
      doubled: 0,
      other: 0,
      answers: { refusal_ms_max: 0, wait_ms_max: 0, unanswered: 0, otherwiseRefused: 0 },
      recovered_ms: 0,
      settled_ms: 0,
      measured: new Map(),
      limits,
    };
    this.#rows.set(fault, row);
    row.rounds++;
    // Where a round broke, nobody knows how often it had struck.
    row.strikes += findings.some(({ kind }) => kind === "broken") ? 0 : strikes;
    row.asked += history.votes.length;
    row.load_ms += load_ms;
    row.votes += accepted;
    for (const { kind } of findings) {
      if (kind === "lost" || kind === "doubled") row[kind]++;
      else row.other++;
    }
    row.answers = {
      refusal_ms_max: Math.max(row.answers.refusal_ms_max, answers.refusal_ms_max),
      wait_ms_max: Math.max(row.answers.wait_ms_max, answers.wait_ms_max),
      unanswered: row.answers.unanswered + answers.unanswered,
      otherwiseRefused: row.answers.otherwiseRefused + answers.otherwiseRefused,
    };
    row.recovered_ms = Math.max(row.recovered_ms, recovered_ms);
    row.settled_ms = Math.max(row.settled_ms, settled_ms);
    for (const one of measured) row.measured.set(one.what, worse(one, row.measured.get(one.what)));
  }

  /** In Markdown. */
  get table(): string {
    return tableOf([...this.#rows.keys()].map((fault) => this.#line(fault)));
  }

  /**
   * The table with the rows of faults that this run did not try taken from an older one, whatever its columns were.
   * @param older a section of RESULTS.md
   * @param run when, on which commit and machine, and how
   * @param known faults that there are; rows of others are left out
   */
  tableOver(older: string, run: string, known: readonly string[]): string {
    const [head = [], ...lines] = older.split("\n").filter(isTableLine).map(cellsOf);
    const rows = new Map<string, string>();
    for (const cells of lines) {
      const old = new Map(head.map((column, index) => [column, cells[index] ?? ""]));
      const fault = old.get("fault") ?? "";
      if (known.includes(fault)) rows.set(fault, line(COLUMNS.map((column) => old.get(column) ?? "")));
    }
    for (const fault of this.#rows.keys()) rows.set(fault, this.#line(fault, run));
    return tableOf([...rows].sort(([a], [b]) => a.localeCompare(b)).map(([, row]) => row));
  }

  #line(fault: string, run = ""): string {
    const row = this.#rows.get(fault);
    if (row === undefined) throw new RangeError(`${fault} was not tried`);
    const cells: Readonly<Record<(typeof COLUMNS)[number], string | number>> = {
      fault,
      rounds: row.rounds,
      times: row.strikes,
      "asked a second": aSecond(row.asked, row.load_ms),
      "accepted a second": aSecond(row.votes, row.load_ms),
      accepted: row.votes,
      lost: row.lost,
      doubled: row.doubled,
      other: row.other,
      "longest refusal": seconds(row.answers.refusal_ms_max),
      "longest wait": seconds(row.answers.wait_ms_max),
      "no answer": row.answers.unanswered,
      "first 202 after": seconds(row.recovered_ms),
      "tallied in": seconds(row.settled_ms),
      measured: [...row.measured.values()].map(said).join("; "),
      met: missed(row).length === 0 ? "yes" : `no: ${missed(row).join("; ")}`,
      run,
    };
    return line(COLUMNS.map((column) => cells[column]));
  }
}

function found({ lost, doubled, other }: Row): number {
  return lost + doubled + other;
}

/** What is no number is worse than any. */
function worse(one: Measured, other: Measured | undefined): Measured {
  if (other === undefined || Number.isNaN(one.value)) return one;
  return one.value >= other.value ? one : other;
}

function missed(row: Row): readonly string[] {
  const findings = found(row) === 0 ? [] : [`${found(row)} findings`];
  return [
    ...findings,
    ...missedLimits(row.limits, { ...row, askedASecond: aSecond(row.asked, row.load_ms) }),
  ];
}

/** What one round came to, for whoever watches the run. */
export function inWords({ accepted, findings, measured }: RoundResult): string {
  const found =
    findings.length === 0 ? "sound" : findings.map(({ kind, detail }) => `${kind}: ${detail}`).join("\n  ");
  return [`${accepted} votes, ${found}`, ...measured.map(said)].join("; ");
}

/** Writes down what is needed to see why: what was found, the whole history, and the state it ended in. */
export function keepFailure(fault: string, seed: number, { findings, history, final }: RoundResult): void {
  mkdirSync(FAILURES, { recursive: true });
  writeFileSync(
    join(FAILURES, `${fault}-${seed}.json`),
    JSON.stringify({ findings, final, history }, null, 1),
  );
}

function aSecond(votes: number, load_ms: number): number {
  return load_ms === 0 ? 0 : Math.round(votes / (load_ms / 1_000));
}

function said({ what, value, unit }: Measured): string {
  const digits = unit === "s" || unit === "×" ? 1 : 0;
  return `${what}: ${value.toFixed(digits)} ${unit}`.trim();
}

function isTableLine(text: string): boolean {
  return text.startsWith("| ");
}

function cellsOf(text: string): readonly string[] {
  return text
    .replace(/^\| | \|$/g, "")
    .split(" | ")
    .map((cell) => cell.trim());
}

function tableOf(rows: readonly string[]): string {
  return [HEAD, line(COLUMNS.map(() => "---")), ...rows].join("\n");
}

function line(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function seconds(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1_000).toFixed(2)} s` : "never";
}
