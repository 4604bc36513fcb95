/** What a group of processes costs, the ones that they started included (Linux). */
import { readdirSync, readFileSync } from "node:fs";
import { processCpu_us, processMemory_kb } from "../scale/measure.ts";

/** The processes themselves and all that descend from them. */
function family(roots: readonly number[]): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(/\) (?=\w )/);
      parents.set(pid, Number(rest.split(" ")[1]));
    } catch {
      // It ended while the list was read.
    }
  }
  const found = new Set(roots);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** Processor time so far, in µs. */
export const cpu_us = (roots: readonly number[]): number => sum(family(roots).map(processCpu_us));

/** Memory in RAM, in kB; pages that processes share count once for each. */
export const memory_kb = (roots: readonly number[]): number => sum(family(roots).map(processMemory_kb));

const sum = (figures: readonly number[]): number => figures.reduce((all, figure) => all + figure, 0);
