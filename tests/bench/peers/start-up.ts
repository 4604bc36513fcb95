/** How long a way takes to start, how much of the disk its installation takes, what it holds in memory once it serves. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { npmStart } from "./npm-start.ts";
import { memory_kb } from "./processes.ts";
import type { Measured } from "./results.ts";
import { inTurns, type Turn, tableOf } from "./rounds.ts";
import type { Running } from "./ways.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What starts: pids, and the time that it took. */
export type Starting = Turn<Pick<Running, "ready_ms" | "pids" | "end">>;

/** @param others each with the folder that it was installed in */
export async function measureStartUp(
  others: readonly (readonly [Starting, string])[],
  rounds: number,
): Promise<Measured> {
  const folders = new Map(others.map(([{ name }, folder]) => [name, folder]));
  const turns: readonly Starting[] = [npmStart, ...others.map(([way]) => way)];
  const figures = await inTurns(turns, rounds, [], async (running, name) => {
    const folder = folders.get(name);
    return {
      "ms to the first good answer": running.ready_ms ?? Number.NaN,
      "MB in memory then": memory_kb(running.pids) / 1_000,
      "MB installed": folder === undefined ? ourInstall_mb() : megabytes(join(folder, "node_modules")),
    };
  });
  return {
    title: "Start and size",
    text: "From the start of the process to its first good answer. This service starts its Redis within that time; the others' databases run before. The afternoon version and the job a vote are compiled beforehand, too. Installed: what npm puts there for production, and what is built; databases, Redis and Node not counted.",
    tables: [tableOf(figures)],
  };
}

/** Of what runs, without what only development needs. */
function ourInstall_mb(): number {
  const lock: { packages: Record<string, { dev?: boolean; optional?: boolean }> } = JSON.parse(
    readFileSync(join(root, "package-lock.json"), "utf8"),
  );
  const installed = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && dev !== true);
  const folders = installed
    .map(([path]) => path)
    .filter((path) => !/node_modules\/.+\/node_modules/.test(path));
  return megabytes(...folders.map((path) => join(root, path)), join(root, "dist"));
}

function megabytes(...folders: readonly string[]): number {
  // A package for another platform is in the lock file, but not here.
  const command =
    'for folder; do [ -e "$folder" ] && echo "$folder"; done | tr "\\n" "\\0" | du -sck --files0-from=- | tail -1';
  return (
    Number.parseInt(execFileSync("sh", ["-c", command, "sh", ...folders], { encoding: "utf8" }), 10) / 1_000
  );
}
