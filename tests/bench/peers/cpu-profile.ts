/** What a profile of V8 says (Chrome DevTools Protocol, Profiler.Profile). */
import { readFileSync } from "node:fs";
import { basename } from "node:path";

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** Ids of nodes, one a sample. */
  readonly samples: readonly number[];
  /** Before each sample, in µs. */
  readonly timeDeltas: readonly number[];
}

export interface Busy {
  /** A function and its file, or what V8 did. */
  readonly name: string;
  /** Of the time in which anything was done, in its own code. */
  readonly share: number;
}

/** The functions that took most of their own time, most first. */
export function busiestOf(file: string, count: number): readonly Busy[] {
  const { nodes, samples, timeDeltas }: CpuProfile = JSON.parse(readFileSync(file, "utf8"));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const took_us = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? "";
    if (name !== "(idle)") took_us.set(name, (took_us.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const all_us = [...took_us.values()].reduce((sum, us) => sum + us, 0);
  return [...took_us]
    .map(([name, us]) => ({ name, share: us / all_us }))
    .sort((a, b) => b.share - a.share)
    .slice(0, count);
}

function nameOf({ functionName, url }: CpuProfile["nodes"][number]["callFrame"]): string {
  const name = functionName || "(unnamed)";
  return url === "" ? name : `${name}, ${basename(url)}`;
}
