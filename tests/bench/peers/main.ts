/**
 * `npm run bench:peers`: this service beside what people would pick or write instead and beside the limits, in turns, on one
 * machine. Writes tests/bench/RESULTS.md, each part with its date and commit. `-- --only kept,reads` measures some parts anew;
 * `-- --quick` measures each once and briefly, with nothing to install, and writes nothing. `npm run bench:growth` is the part
 * `growth`; `-- --votes 100000` bounds what it puts on record, `-- --viewers 1,1000` how many are told.
 */
import { parseArgs } from "node:util";
import { canPin, pin } from "../begin.ts";
import { measureAccept } from "./accept.ts";
import { measureColdPage } from "./cold-page.ts";
import { compiled } from "./compiled.ts";
import { measureFanOut } from "./fan-out.ts";
import { measureGrowth } from "./growth.ts";
import { install } from "./install.ts";
import { measureKept } from "./kept.ts";
import { measureMemory } from "./memory.ts";
import { parse, waline } from "./peer-ways.ts";
import { hasPostgres } from "./postgres.ts";
import { measureProfile } from "./profile.ts";
import { measureReads } from "./reads.ts";
import { printMeasured, writeResults } from "./report.ts";
import { keepSection, type Measured, PARTS, type Part } from "./results.ts";
import { measureScript } from "./script.ts";
import { measureStartUp } from "./start-up.ts";
import { measurePush } from "./waits.ts";
import { measureWatched } from "./watched.ts";
import { afternoon, bare, jobEach, OTHER_CORE, ours, SERVER_CORE } from "./ways.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    rounds: { type: "string", default: "3" },
    viewers: { type: "string", default: "1,1000,10000" },
    votes: { type: "string", default: "10000000" },
  },
});
const { quick } = values;
if (!canPin)
  process.stderr.write(
    "No taskset or no two cores here: nothing is pinned, and ways take time from each other and from the load.\n",
  );
// What the others do too is left out where it must be quick.
const QUICK: readonly Part[] = PARTS.filter((part) => part !== "watched" && part !== "start");
const only = values.only?.split(",").map(partNamed) ?? (quick ? QUICK : PARTS);
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

const measure: Readonly<Record<Part, () => Promise<Measured>>> = {
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
      ways: pushing,
      rounds,
      seconds,
      viewers: quick ? [50] : values.viewers.split(",").map(Number),
    }),
  reads: () =>
    measureReads(quick ? [ours] : [ours, afternoon, eachJob, bare, ...peers], rounds, quick ? 1 : 4),
  script: () => measureScript(rounds, quick ? 4_000 : 1_000_000),
  profile: () => measureProfile(quick ? 1 : 10),
  memory: () =>
    measureMemory(quick ? 20_000 : 1_000_000, quick ? [ours] : [ours, afternoon, eachJob, ...peers]),
  start: async () => {
    const [once, each] = [await install("afternoon"), await install("job-each")];
    return measureStartUp(
      [
        [compiled(afternoon.name, once, "count-each.ts"), once],
        [compiled(eachJob.name, each, "job-each.ts", "job-each-worker.ts"), each],
        ...walines.map((way) => [way, walineFolder ?? ""] as const),
        ...parses.map((way) => [way, parseFolder ?? ""] as const),
      ],
      rounds,
    );
  },
  cold: async () => {
    const [way] = walines;
    return measureColdPage(way === undefined ? undefined : [way, await install("waline-client")]);
  },
  growth: async () =>
    measureGrowth({
      votes_max: quick ? 2_000 : Number(values.votes),
      rounds,
      seconds: quick ? 1 : 4,
      charts: quick ? undefined : await install("charts"),
    }),
};

for (const name of only) {
  process.stdout.write(`${name} …\n`);
  // Whatever this process does itself is load; but growth is measured in processor time of Redis, and would take twice as long.
  if (name === "growth") pin(process.pid, SERVER_CORE, OTHER_CORE);
  else pin(process.pid, OTHER_CORE);
  const began_ms = performance.now();
  const measured = await measure[name]();
  printMeasured(measured);
  if (quick) continue;
  keepSection(name, measured, (performance.now() - began_ms) / 1_000);
  writeResults();
}

function partNamed(name: string): Part {
  const part = PARTS.find((part) => part === name);
  if (part === undefined) throw new Error(`--only: expected some of ${PARTS.join(", ")}, got ${name}`);
  return part;
}
