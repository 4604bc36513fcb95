/** What was measured last, section by section, each with when, where and of which commit; RESULTS.md is written from it. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../results.json", import.meta.url));

/** Figures that the table "must reach" asks for, by the name of its row. */
export type Reached = Readonly<Record<string, { readonly figure: number; readonly spread: string }>>;

/** What one part measured. */
export interface Measured {
  readonly title: string;
  /** What was done, in sentences. */
  readonly text: string;
  readonly tables: readonly Table[];
  readonly reached?: Reached;
  /** Pictures beside the results: file names and what they show. */
  readonly pictures?: readonly (readonly [file: string, shows: string])[];
}

/** The first row names the columns. */
export type Table = readonly (readonly string[])[];

export interface Section extends Measured {
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  readonly took_s: number;
}

export function readSections(): Record<string, Section> {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};
}

/** Keeps a part's figures in place of its former ones. */
export function keepSection(part: string, measured: Measured, took_s: number): void {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  const dirty = git("status", "--porcelain", "--", "services", "shared") === "" ? "" : " and changes";
  const section: Section = {
    ...measured,
    at: `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`,
    commit: git("rev-parse", "--short", "HEAD") + dirty,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`,
    took_s: Math.round(took_s),
  };
  writeFileSync(FILE, `${JSON.stringify({ ...readSections(), [part]: section }, undefined, 2)}\n`);
}
