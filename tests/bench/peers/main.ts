/**
 * `npm run bench:peers`: this service beside what people would pick or write instead and beside the limits, in turns, on one
 * machine. Writes tests/bench/RESULTS.md, each part with its date and commit. `-- --only kept,reads` measures some parts anew;
 * `-- --quick` measures each once and briefly, with nothing to install, and writes nothing. `npm run bench:growth` is the part
 * `growth`; `-- --votes 100000` bounds what it puts on record, `-- --viewers 1,1000` how many are told.
 */
import { parseArgs } from "node:util";
import { canPin } from "../begin.ts";
import { measureAccept } from "./accept.ts";
import { measureColdPage } from "./cold-page.ts";
import { measureFanOut } from "./fan-out.ts";
import { measureGrowth } from "./growth.ts";
import { install } from "./install.ts";
import { measureKept } from "./kept.ts";
import { measureMemory } from "./memory.ts";
import { parse, waline } from "./peer-ways.ts";
import { hasPostgres } from "./postgres.ts";
import { measureReads } from "./reads.ts";
import { printMeasured, writeResults } from "./report.ts";
import { keepSection, type Measured } from "./results.ts";
import { measureStartUp } from "./start-up.ts";
import { measurePush } from "./waits.ts";
import { measureWatched } from "./watched.ts";
import { afternoon, bare, jobEach, ours } from "./ways.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    rounds: { type: "string", default: "3" },
    viewers: { type: "string", default: "1,10000,1000" },
    votes: { type: "string", default: "10000000" },
  },
});
const { quick } = values;
if (!canPin) throw new Error("expected taskset and two cores");
// What the others do too is left out where it must be quick.
const only =
  values.only?.split(",") ??
  (quick
    ? ["kept", "accept", "push", "fan-out", "reads", "memory", "cold", "growth"]
    : ["kept", "accept", "watched", "push", "fan-out", "reads", "memory", "start", "cold", "growth"]);
const rounds = quick ? 1 : Number(values.rounds);
const seconds = quick ? 0.5 : 4;

const adapter = quick ? undefined : await install("adapter");
const walineFolder = quick ? undefined : await install("waline");
const parseFolder = quick || !hasPostgres ? undefined : await install("parse");
const eachJob = jobEach(adapter);
const walines =
  walineFolder === undefined
    ? []
    : [waline(walineFolder, "SQLite"), ...(hasPostgres ? [waline(walineFolder, "PostgreSQL")] : [])];
const parses = parseFolder === undefined ? [] : [parse(parseFolder)];
const peers = [...walines, ...parses];
const pushing = quick ? [ours] : [ours, afternoon, eachJob];
const installed = [
  ...walines.map((way) => [way, walineFolder ?? ""] as const),
  ...parses.map((way) => [way, parseFolder ?? ""] as const),
];

const PARTS: Readonly<Record<string, () => Promise<Measured>>> = {
  kept: () => measureKept(quick ? [eachJob] : [ours, afternoon, eachJob, ...peers], rounds, seconds),
  accept: () =>
    measureAccept({
      ways: quick ? [ours, afternoon, bare] : [ours, afternoon, eachJob, bare, ...peers],
      jobEach: eachJob.name,
      rounds,
      seconds: quick ? 1 : 4,
    }),
  watched: () =>
    measureWatched({ ways: pushing, rounds, seconds: quick ? 1 : 4, viewers: quick ? 50 : 1_000 }),
  push: () => measurePush(pushing, quick ? [100] : [100, 1_000, 5_000], quick ? 5 : 50),
  "fan-out": () =>
    measureFanOut({
      ways: [ours],
      rounds,
      seconds,
      viewers: quick ? [50] : values.viewers.split(",").map(Number),
    }),
  reads: () => measureReads(quick ? [ours] : [ours, afternoon, bare, ...peers], rounds, quick ? 1 : 4),
  memory: () => measureMemory(quick ? 20_000 : 1_000_000),
  start: () => measureStartUp(installed, rounds),
  cold: async () => {
    const [way] = walines;
    return measureColdPage(way === undefined ? undefined : [way, await install("waline-client")]);
  },
  growth: async () =>
    measureGrowth(quick ? 2_000 : Number(values.votes), quick ? undefined : await install("charts")),
};

for (const name of only) {
  const part = PARTS[name];
  if (part === undefined)
    throw new Error(`--only: expected some of ${Object.keys(PARTS).join(", ")}, got ${name}`);
  process.stdout.write(`${name} …\n`);
  const began_ms = performance.now();
  const measured = await part();
  printMeasured(measured);
  if (quick) continue;
  keepSection(name, measured, (performance.now() - began_ms) / 1_000);
  writeResults();
}
