/**
 * `npm run soak -- [--minutes 30] [--seed 7] [--record]`: steady load with ever new pages, voters and viewers. After each round
 * the history is proved and everything that could grow is measured: in the end none of it may have a slope.
 */
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { Random } from "../faults/rig/random.ts";
import { readMetric, residentMemory_bytes } from "../faults/rig/read-metrics.ts";
import { recordResults } from "../faults/rig/record-results.ts";
import { type RoundResult, runRound } from "../faults/rig/round.ts";
import { startTestBed } from "../faults/rig/test-bed.ts";

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
/** What memory may differ by between rounds without being a slope: the collector takes its time. */
const MEMORY_SLACK_MB = 40;

interface Sample {
  readonly api_mb: number;
  readonly worker_mb: number;
  readonly realtime_mb: number;
  readonly handles: number;
  /** Keys that are not a page's and stay: those of the queue and of the site. */
  readonly otherKeys: number;
  /** Those that expire by themselves, within an hour or a day: a short run sees them come and none go. */
  readonly expiring: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly votes: number;
}

const bed = await startTestBed({ apis: 1, workers: 1, realtimes: 1 });
const redis = new Redis(bed.place);
const [api, worker, realtime] = [bed.apis[0], bed.workers[0], bed.realtimes[0]].map(
  (service) => service?.url ?? "",
);
const services = [api ?? "", worker ?? "", realtime ?? ""];

async function measure({ history, accepted }: RoundResult): Promise<Sample> {
  const [api_mb = 0, worker_mb = 0, realtime_mb = 0] = await Promise.all(
    services.map(async (url) => Math.round((await residentMemory_bytes(url)) / 1e6)),
  );
  const handles = await Promise.all(services.map((url) => readMetric(url, "nodejs_active_resources_total")));
  const took_ms = history.votes
    .filter(({ outcome }) => outcome === "accepted")
    .map(({ began_ms, ended_ms }) => ended_ms - began_ms)
    .sort((a, b) => a - b);
  const others = (await redis.keys("*")).filter((key) => !key.startsWith("{default:"));
  const left_ms = await Promise.all(others.map((key) => redis.pttl(key)));
  return {
    api_mb,
    worker_mb,
    realtime_mb,
    handles: handles.reduce((sum, count) => sum + count, 0),
    otherKeys: left_ms.filter((ms) => ms < 0).length,
    expiring: left_ms.filter((ms) => ms >= 0).length,
    p50_ms: Math.round(took_ms[Math.floor(took_ms.length * 0.5)] ?? 0),
    p99_ms: Math.round(took_ms[Math.floor(took_ms.length * 0.99)] ?? 0),
    votes: accepted,
  };
}

const samples: Sample[] = [];
const faults: string[] = [];
const until_ms = performance.now() + Number(values.minutes) * 60_000;
// Three thirds are compared, so there are three rounds at least.
for (let round = 0; round < 3 || performance.now() < until_ms; round++) {
  const result = await runRound(bed, () => pause(ROUND_MS), PLAN, new Random(seed + round));
  for (const { kind, detail } of result.findings) faults.push(`${kind}: ${detail}`);
  const sample = await measure(result);
  samples.push(sample);
  console.log(JSON.stringify(sample));
}
redis.disconnect();
await bed.stop();

/** The first third warms up; the last one is held against the second. */
const third = Math.floor(samples.length / 3);
const [middle, last] = [samples.slice(third, 2 * third), samples.slice(-third)];
const mean = (part: readonly Sample[], of: keyof Sample): number =>
  part.reduce((sum, sample) => sum + sample[of], 0) / part.length;
const slack: Partial<Record<keyof Sample, number>> = {
  api_mb: MEMORY_SLACK_MB,
  worker_mb: MEMORY_SLACK_MB,
  realtime_mb: MEMORY_SLACK_MB,
  handles: 30,
  otherKeys: 10,
  // The machine has other things to do, too; a median that climbs by more is a slope.
  p50_ms: 20,
};
const COLUMNS = [
  "api_mb",
  "worker_mb",
  "realtime_mb",
  "handles",
  "otherKeys",
  "expiring",
  "p50_ms",
  "p99_ms",
  "votes",
] as const;
for (const column of COLUMNS) {
  const most = slack[column];
  const grown = mean(last, column) - mean(middle, column);
  if (most !== undefined && grown > most) faults.push(`${column} grew by ${Math.round(grown)}`);
}
const rows = [middle, last].map((part, index) =>
  [
    index === 0 ? "second third" : "last third",
    ...COLUMNS.map((column) => Math.round(mean(part, column))),
  ].join(" | "),
);
const table = [
  `| mean of the | ${COLUMNS.join(" | ")} |`,
  `| --- |${" --- |".repeat(COLUMNS.length)}`,
  ...rows.map((row) => `| ${row} |`),
  "",
  `${samples.length} rounds of ${ROUND_MS / 1_000} s, ${samples.reduce((sum, { votes }) => sum + votes, 0)} votes; ${faults.length} faults.`,
].join("\n");
console.log(`Seed ${seed}\n\n${table}`);
for (const line of faults) console.log(line);
if (values.record) recordResults("soak", `seed ${seed}, ${values.minutes} minutes`, table);
process.exit(faults.length === 0 ? 0 : 1);
