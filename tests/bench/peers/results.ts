/** What was measured last, section by section, each with when, where and of which commit; RESULTS.md is written from it. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { canPin } from "../begin.ts";

const FILE = fileURLToPath(new URL("../results.json", import.meta.url));

/** The parts, in the order in which they are measured and shown. */
export const PARTS = [
  "kept",
  "accept",
  "watched",
  "push",
  "fan-out",
  "reads",
  "script",
  "profile",
  "memory",
  "start",
  "cold",
  "growth",
] as const;

export type Part = (typeof PARTS)[number];

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

function readKept(): Partial<Record<Part, Section>> {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};
}

/** What was measured, in the order of the parts. */
export function readSections(): readonly Section[] {
  const kept = readKept();
  return PARTS.flatMap((part) => kept[part] ?? []);
}

/** Keeps a part's figures in place of its former ones. */
export function keepSection(part: Part, measured: Measured, took_s: number): void {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  const dirty = git("status", "--porcelain", "--", "services", "shared") === "" ? "" : " and changes";
  const section: Section = {
    ...measured,
    at: `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`,
    commit: git("rev-parse", "--short", "HEAD") + dirty,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}${canPin ? "" : ", nothing pinned to a core"}`,
    took_s: Math.round(took_s),
  };
  writeFileSync(FILE, `${JSON.stringify({ ...readKept(), [part]: section }, undefined, 2)}\n`);
}
