/**
 * `npm run faults -- [--minutes 10 | --short] [--seed 7] [--only kill-worker,freeze-redis] [--rate 600] [--record]
 * [--strict]`: breaks the
 * running service in every way of the catalogue, over and over, and proves from the history that nothing was lost or
 * doubled. `--record` writes RESULTS.md: the rows of the faults that were run. Findings fail the run; limits of the catalogue that
 * were not met do so with `--strict` only, for machines are noisy.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type CatalogEntry, FAULTS, type Ground, SHORT } from "./catalog.ts";
import { Random } from "./rig/random.ts";
import { recordResults } from "./rig/record-results.ts";
import { inWords, keepFailure, Report } from "./rig/report.ts";
import { brokenRound, type RoundPlan, type RoundResult, runRound } from "./rig/round.ts";
import { makeSmallDisk } from "./rig/small-disk.ts";
import { startTestBed, type TestBed } from "./rig/test-bed.ts";
import { provideFakeTime, skewedClock } from "./skew-clock.ts";

/** Room for some rounds of votes and Redis's rewriting of its file. */
const DISK_MB = 24;
const VOTES_A_SECOND = 600;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    only: { type: "string" },
    short: { type: "boolean", default: false },
    /** Votes a second; default: what the catalogue says, else `VOTES_A_SECOND`. */
    rate: { type: "string" },
    record: { type: "boolean", default: false },
    strict: { type: "boolean", default: false },
  },
});

const seed = Number(values.seed);
console.log(`Seed ${seed}`);
/** Enough clients that those who wait for a refusal do not slow down all. */
const planFor = ({ votesASecond = VOTES_A_SECOND }: CatalogEntry): RoundPlan => {
  const rate = values.rate === undefined ? votesASecond : Number(values.rate);
  return { clients: Math.ceil(rate / 12), votesASecond: rate, pages: 6, viewers: 3 };
};
const names = values.only?.split(",") ?? (values.short ? SHORT : Object.keys(FAULTS));
const unknown = names.filter((name) => !Object.hasOwn(FAULTS, name));
if (unknown.length > 0) {
  throw new Error(`no such fault: ${unknown.join(", ")}; there are ${Object.keys(FAULTS).join(", ")}`);
}

const grounds: Readonly<Record<Ground, () => Promise<TestBed>>> = {
  plain: () => startTestBed({ apis: 2, workers: 2, realtimes: 2 }),
  networks: () => startTestBed({ apis: 1, workers: 1, realtimes: 1, networks: true }),
  limits: () => startTestBed({ apis: 2, workers: 2, realtimes: 2, networks: true, limits: true }),
  cluster: () => startTestBed({ apis: 1, workers: 1, realtimes: 1, cluster: true }),
  disk: async () => {
    const disk = makeSmallDisk(DISK_MB);
    const bed = await startTestBed({ apis: 1, workers: 1, realtimes: 1, dataDir: join(disk.folder, "data") });
    return {
      ...bed,
      stop: async () => {
        await bed.stop();
        disk.remove();
      },
    };
  },
  clocks: async () => {
    await provideFakeTime();
    return await startTestBed({ apis: 2, workers: 1, realtimes: 1, apiEnv: skewedClock });
  },
};
const beds = new Map<Ground, TestBed>();
async function bedOn(ground: Ground): Promise<TestBed> {
  const bed = beds.get(ground) ?? (await grounds[ground]());
  beds.set(ground, bed);
  return bed;
}

/** A ground on which a round broke, a process crashed, or that did not come up, is left; the next round gets a new one. */
async function strike(entry: CatalogEntry, roundSeed: number): Promise<RoundResult> {
  const { fault, ground } = entry;
  const result = await bedOn(ground).then(
    (bed) => runRound(bed, fault, planFor(entry), new Random(roundSeed)),
    (error: unknown) => brokenRound(error),
  );
  if (result.findings.some(({ kind }) => kind === "broken" || kind === "crashed")) {
    const bed = beds.get(ground);
    beds.delete(ground);
    await bed?.stop();
  }
  return result;
}

// Every fault strikes once, and then again for as long as there is time; no round is cut off.
const until_ms = performance.now() + (values.short ? 0 : Number(values.minutes) * 60_000);
const report = new Report();
try {
  for (let round = 0; round === 0 || performance.now() < until_ms; round++) {
    for (const [index, name] of names.entries()) {
      const entry = FAULTS[name];
      if (entry === undefined || (round > 0 && performance.now() > until_ms)) continue;
      const roundSeed = seed + round * 1_000 + index;
      const result = await strike(entry, roundSeed);
      report.add(name, entry, result);
      console.log(`${name}: ${inWords(result)}`);
      if (result.findings.length > 0) keepFailure(name, roundSeed, result);
    }
  }
} finally {
  for (const bed of beds.values()) await bed.stop();
}
console.log(`\n${report.table}`);
if (values.record) {
  const how = `seed ${seed}${values.rate === undefined ? "" : `, ${values.rate} votes a second wanted`}`;
  recordResults("faults", `the newest run: ${how}`, (older, now) =>
    report.tableOver(older, `${now}, ${how}`, Object.keys(FAULTS)),
  );
}
process.exit(report.sound && (report.met || !values.strict) ? 0 : 1);
