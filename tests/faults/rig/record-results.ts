/** RESULTS.md: one section for each kind of run, each with when, on what and of which commit. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../RESULTS.md", import.meta.url));
const HEAD =
  "# What was proved, and where\n\nWritten by the scripts, never by hand: `--record` replaces a run's section.\n";

/**
 * Replaces the section of one kind of run.
 * @param run such as `faults` or `fuzz`
 * @param how seed, size, duration
 * @param body Markdown, or what makes it of the section as it stands and of this run's date, commit and machine
 */
export function recordResults(
  run: string,
  how: string,
  body: string | ((older: string, now: string) => string),
): void {
  const text = existsSync(FILE) ? readFileSync(FILE, "utf8") : HEAD;
  const [head = HEAD, ...sections] = text.split(/^(?=## )/m);
  const isMine = (section: string): boolean => section.startsWith(`## ${run}\n`);
  const others = sections.filter((section) => !isMine(section));
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
  const dirty = git("status", "--porcelain", "--", "services", "shared") === "" ? "" : " and changes";
  const now = `${new Date().toISOString()}, commit ${git("rev-parse", "--short", "HEAD")}${dirty}`;
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const content = typeof body === "string" ? body : body(sections.find(isMine) ?? "", `${now}, ${machine}`);
  const mine = `## ${run}\n\n${now}, ${how}. ${machine}.\n\n${content.trim()}\n\n`;
  const all = [...others, mine].map((section) => `${section.trim()}\n`).sort();
  writeFileSync(FILE, [`${head.trim()}\n`, ...all].join("\n"));
}
