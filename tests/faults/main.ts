/**
 * `npm run faults -- [--minutes 10 | --short] [--seed 7] [--only kill-worker,kill-api]`: breaks the running service in every
 * way of the catalogue, over and over, and proves from the history that nothing was lost or doubled. Build first.
 */
import { parseArgs } from "node:util";
import { FAULTS, SHORT } from "./catalog.ts";
import { Random } from "./rig/random.ts";
import { keepFailure, Report } from "./rig/report.ts";
import { runRound } from "./rig/round.ts";
import { startTestBed } from "./rig/test-bed.ts";

const PLAN = { clients: 48, votesASecond: 600, pages: 6, viewers: 3 };

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    only: { type: "string" },
    short: { type: "boolean", default: false },
  },
});

const seed = Number(values.seed);
const names = values.only?.split(",") ?? (values.short ? SHORT : Object.keys(FAULTS));
const unknown = names.filter((name) => !Object.hasOwn(FAULTS, name));
if (unknown.length > 0)
  throw new Error(`no such fault: ${unknown.join(", ")}; there are ${Object.keys(FAULTS).join(", ")}`);

// The short run takes every fault once; a longer one as often as there is time for. Each takes seconds, and none is cut off.
const until_ms = performance.now() + (values.short ? 0 : Number(values.minutes) * 60_000);
const report = new Report(seed);
const bed = await startTestBed({ apis: 2, workers: 2, realtimes: 1 });
try {
  for (let round = 0; round === 0 || performance.now() < until_ms; round++) {
    for (const [index, name] of names.entries()) {
      const fault = FAULTS[name];
      if (fault === undefined || (round > 0 && performance.now() > until_ms)) continue;
      const roundSeed = seed + round * 1_000 + index;
      const result = await runRound(bed, fault, PLAN, new Random(roundSeed));
      report.add(name, result);
      if (result.findings.length > 0) keepFailure(name, roundSeed, result);
    }
  }
} finally {
  await bed.stop();
}
console.log(report.table());
process.exit(report.sound ? 0 : 1);
