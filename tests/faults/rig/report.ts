/** What came of all rounds, as a table; histories of failures go to a folder that git ignores. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Measured, RoundResult } from "./round.ts";

const FAILURES = fileURLToPath(new URL("../failures/", import.meta.url));

const COLUMNS = [
  "fault",
  "times",
  "asked a second",
  "accepted",
  "lost",
  "doubled",
  "other",
  "longest refusal",
  "first 202 after",
  "tallied in",
  "measured",
  "run",
];
const HEAD = line(COLUMNS);

interface Row {
  strikes: number;
  asked: number;
  load_ms: number;
  votes: number;
  lost: number;
  doubled: number;
  other: number;
  refusal_ms_max: number;
  recovered_ms_max: number;
  settled_ms_max: number;
  /** The most of each. */
  readonly measured: Map<string, Measured>;
}

export class Report {
  readonly #rows = new Map<string, Row>();

  /** Whether no round found anything. */
  get sound(): boolean {
    return [...this.#rows.values()].every(({ lost, doubled, other }) => lost + doubled + other === 0);
  }

  /** @param strikes how often the fault struck in this round */
  add(
    fault: string,
    strikes: number,
    { findings, history, accepted, load_ms, refusal_ms_max, recovered_ms, settled_ms, measured }: RoundResult,
  ): void {
    const row = this.#rows.get(fault) ?? {
      strikes: 0,
      asked: 0,
      load_ms: 0,
      votes: 0,
      lost: 0,
      doubled: 0,
      other: 0,
      refusal_ms_max: 0,
      recovered_ms_max: 0,
      settled_ms_max: 0,
      measured: new Map(),
    };
    this.#rows.set(fault, row);
    row.strikes += strikes;
    row.asked += history.votes.length;
    row.load_ms += load_ms;
    row.votes += accepted;
    for (const { kind } of findings) {
      if (kind === "lost" || kind === "doubled") row[kind]++;
      else row.other++;
    }
    row.refusal_ms_max = Math.max(row.refusal_ms_max, refusal_ms_max);
    row.recovered_ms_max = Math.max(row.recovered_ms_max, recovered_ms);
    row.settled_ms_max = Math.max(row.settled_ms_max, settled_ms);
    for (const one of measured)
      if (one.value >= (row.measured.get(one.what)?.value ?? 0)) row.measured.set(one.what, one);
    const found =
      findings.length === 0 ? "sound" : findings.map(({ kind, detail }) => `${kind}: ${detail}`).join("\n  ");
    console.log(`${fault}: ${accepted} votes, ${found}`);
  }

  /** In Markdown. */
  get table(): string {
    return tableOf([...this.#rows.keys()].map((fault) => this.#line(fault)));
  }

  /**
   * The table with the rows of faults that this run did not try taken from an older one.
   * @param older a section of RESULTS.md
   * @param run when, on which commit and how
   */
  tableOver(older: string, run: string): string {
    const rows = new Map<string, string>();
    for (const row of older.includes(HEAD) ? older.split("\n") : []) {
      const name = /^\| ([a-z][a-z0-9-]*) \| \d/.exec(row)?.[1];
      if (name !== undefined) rows.set(name, row);
    }
    for (const fault of this.#rows.keys()) rows.set(fault, this.#line(fault, run));
    return tableOf([...rows].sort(([a], [b]) => a.localeCompare(b)).map(([, row]) => row));
  }

  #line(fault: string, run = ""): string {
    const row = this.#rows.get(fault);
    if (row === undefined) throw new RangeError(`${fault} was not tried`);
    return line([
      fault,
      row.strikes,
      Math.round(row.asked / (row.load_ms / 1_000)),
      row.votes,
      row.lost,
      row.doubled,
      row.other,
      seconds(row.refusal_ms_max),
      seconds(row.recovered_ms_max),
      seconds(row.settled_ms_max),
      [...row.measured.values()].map(said).join("; "),
      run,
    ]);
  }
}

/** Writes down what is needed to see why: what was found, the whole history, and the state it ended in. */
export function keepFailure(fault: string, seed: number, { findings, history, final }: RoundResult): void {
  mkdirSync(FAILURES, { recursive: true });
  writeFileSync(
    join(FAILURES, `${fault}-${seed}.json`),
    JSON.stringify({ findings, final, history }, null, 1),
  );
}

function said({ what, value, unit }: Measured): string {
  return `${what}: ${unit === "s" ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

function tableOf(rows: readonly string[]): string {
  return [HEAD, line(COLUMNS.map(() => "---")), ...rows].join("\n");
}

function line(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
