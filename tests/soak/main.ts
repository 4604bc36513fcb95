/**
 * `npm run soak -- [--minutes 30] [--seed 7] [--record]`: steady load with ever new pages, voters, addresses and viewers, limited and held
 * as in production. After each round the history is proved and everything that could grow is measured: of all measurements after the
 * warm-up none may climb by more than bounds.ts allows and chance makes: a slope counts once it is three standard errors above what it
 * may be. So each line says how steep a slope may hide under it; a longer run has smaller errors.
 */
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { COLLECTED_ENV } from "../faults/rig/live-memory.ts";
import { Random } from "../faults/rig/random.ts";
import { recordResults } from "../faults/rig/record-results.ts";
import { runRound } from "../faults/rig/round.ts";
import { startTestBed } from "../faults/rig/test-bed.ts";
import { boundOf } from "./bounds.ts";
import { fillNetworks } from "./fill-networks.ts";
import { Measure, type Sample } from "./measure.ts";
import { passBy } from "./pass-by.ts";
import { slopeOf } from "./slope.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    record: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);

const PLAN = { clients: 32, votesASecond: 300, pages: 5, viewers: 20 };
const ROUND_MS = 20_000;
/**
 * From the beginning of a round to the next. Keys that live for a minute are then those of two rounds, however long the proof of a round
 * takes: where the machine had less to do in the end, they would seem to climb.
 */
const EVERY_MS = 30_000;

/** This share of the rounds warms up: code is compiled, heaps find their size, pools are filled. */
const WARM_UP = 1 / 3;

/** Errors that a slope must be above what it may be. */
const ERRORS = 3;
/** What is as many errors steeper still is missed once in forty runs. */
const SURE_ERRORS = 2;

/** Fewer rounds than that say nothing about a slope. */
const ROUNDS_MIN = 12;

interface Taken {
  readonly at_h: number;
  readonly sample: Sample;
  readonly votes: number;
  readonly held: number;
}

const bed = await startTestBed({ apis: 1, workers: 1, realtimes: 1, limits: true, env: COLLECTED_ENV });
const redis = new Redis(bed.place);
await fillNetworks(bed, redis);
const measure = await Measure.begin(bed, redis);
const taken: Taken[] = [];
const faults: string[] = [];
const began_ms = performance.now();
const passed_h = (): number => (performance.now() - began_ms) / 3_600_000;
// The line needs three points after the warm-up.
for (let round = 0; round < 5 || passed_h() * 60 < Number(values.minutes); round++) {
  const next_ms = performance.now() + EVERY_MS;
  const result = await runRound(bed, passBy(ROUND_MS), PLAN, new Random(seed + round));
  for (const { kind, detail } of result.findings) faults.push(`${kind}: ${detail}`);
  const sample = await measure.take(result);
  const held = result.final.records.filter((record) => record.held === true).length;
  taken.push({ at_h: passed_h(), sample, votes: result.accepted, held });
  console.log(JSON.stringify(Object.fromEntries([...sample].map(([name, value]) => [name, rounded(value)]))));
  await pause(Math.max(0, next_ms - performance.now()));
}
redis.disconnect();
await bed.stop();

const warm = taken.slice(Math.ceil(taken.length * WARM_UP));
const names = [...new Set(warm.flatMap(({ sample }) => [...sample.keys()]))].sort();
const rows = names.map((name) => {
  // A kind of key that is not there yet, or no more.
  const points = warm.map(({ at_h, sample }) => [at_h, sample.get(name) ?? 0] as const);
  const unmeasured = points.filter(([, value]) => !Number.isFinite(value)).length;
  if (unmeasured > 0) faults.push(`${name} could not be measured ${unmeasured} times`);
  const { start, end, slopePerHour, errorPerHour } = slopeOf(points);
  const { perHour_max, end_max = Number.POSITIVE_INFINITY } = boundOf(name);
  const enough = warm.length >= ROUNDS_MIN;
  // Chance makes twice the error of a level line in one run of twenty; as there are thirty lines here, three times is what counts.
  const chance = ERRORS * errorPerHour;
  const climbs = enough && slopePerHour - chance > perHour_max;
  if (climbs) faults.push(`${name} climbs by ${rounded(slopePerHour)} an hour, and may by ${perHour_max}`);
  if (end > end_max) faults.push(`${name} ended at ${rounded(end)}, and may be ${end_max}`);
  const slope = `${rounded(slopePerHour)} ± ${rounded(errorPerHour)}`;
  const hidden = rounded(perHour_max + (ERRORS + SURE_ERRORS) * errorPerHour);
  return `| ${name} | ${rounded(start)} | ${rounded(end)} | ${slope} | ${perHour_max} | ${hidden} |`;
});
const votes = taken.reduce((sum, each) => sum + each.votes, 0);
const held = taken.reduce((sum, each) => sum + each.held, 0);
if (held === 0) faults.push("no vote was held, so nothing was shown of those");
const table = [
  "| | start | end | slope an hour, ± error | may be | may hide |",
  "| --- | --- | --- | --- | --- | --- |",
  ...rows,
  "",
  `${taken.length} rounds of ${ROUND_MS / 1_000} s, the first ${taken.length - warm.length} of them to warm up, ${votes} votes, ${held} of them held in the end; ${faults.length} faults.`,
  ...(warm.length < ROUNDS_MIN ? ["Too short a run to tell slopes from chance."] : []),
].join("\n");
console.log(`Seed ${seed}\n\n${table}`);
for (const line of faults) console.log(line);
if (values.record) recordResults("soak", `seed ${seed}, ${values.minutes} minutes`, table);
process.exit(faults.length === 0 ? 0 : 1);

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
