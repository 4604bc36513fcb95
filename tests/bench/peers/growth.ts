/** What a vote costs while votes, pages and shards grow: all of Redis's work for it, and the memory it takes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, median, spread } from "../rows.ts";
import { evenRecords, openCost, pageNumber, VOTERS_A_PAGE } from "../scale/cost.ts";
import { type Curve, drawCurve } from "./chart.ts";
import type { Measured } from "./results.ts";

const SHARDS = [1, 2, 4, 8, 16, 32, 64];
const SAMPLES = 3;
const SAMPLE = 20_000;
const SAMPLED_PAGES = 10;
const FOLDER = fileURLToPath(new URL("../", import.meta.url));

type Point = readonly [x: number, y: number];

/**
 * @param votes_max on record in the end
 * @param charts folder of the library that draws; undefined: nothing is drawn
 */
export async function measureGrowth(votes_max: number, charts: string | undefined): Promise<Measured> {
  const votes = await growVotes([1, 1e3, 1e5, 1e7].filter((n) => n < votes_max).concat(votes_max));
  const pages = await growPages([1, 1e2, 1e4, 1e6].filter((n) => n <= votes_max / 10));
  const shards = await growShards(votes_max < 10_000 ? [1, 2] : SHARDS);
  const curves: readonly (Curve & { readonly file: string })[] = [
    {
      file: "votes.svg",
      x: "votes on record",
      y: "µs of Redis a vote",
      points: votes.map(({ n, cost_us }) => [n, cost_us]),
    },
    {
      file: "memory.svg",
      x: "votes on record",
      y: "bytes of Redis a vote",
      points: votes.filter(({ n }) => n >= 1e3).map(({ n, bytes }) => [n, bytes]),
    },
    {
      file: "pages.svg",
      x: "pages",
      y: "µs of Redis a vote",
      points: pages.map(({ n, few_us }) => [n, few_us]),
    },
    { file: "shards.svg", x: "shards of the queue", y: "µs of Redis a vote", points: shards },
  ];
  if (charts !== undefined)
    for (const curve of curves) writeFileSync(join(FOLDER, curve.file), drawCurve(charts, curve));
  // Only what was asked for counts as reached: a smaller run shows its rows and claims nothing.
  const [few, many] = [1e3, 1e7].map((size) => votes.find(({ n }) => n === size));
  return {
    title: "Growth",
    text: `Redis's own processor time (its threads for the disk included) for a vote, the whole way: commit, job, tally; median of ${SAMPLES} samples of 20,000 votes, a thousand at a time; the append-only file is not rewritten meanwhile. The votes are of new voters, on ten pages. Votes on record: ${VOTERS_A_PAGE.toLocaleString("en")} a page, before the samples, which add theirs. Pages: one vote on record on each; votes on all of them in turns share no call of the script, so they cost what a call costs. Shards: of the queue, on one Redis.`,
    tables: [
      [
        ["votes on record", "µs of Redis a vote", "bytes a vote"],
        ...votes.map(({ n, cost_us, range, bytes }) => [
          n.toLocaleString("en"),
          `${format(cost_us)} (${range})`,
          n < 1e3 ? "–" : format(bytes),
        ]),
      ],
      [
        ["pages", "µs of Redis a vote on ten of them", "on all of them in turns"],
        ...pages.map(({ n, few_us, all_us }) => [n.toLocaleString("en"), format(few_us), format(all_us)]),
      ],
      [["shards", "µs of Redis a vote"], ...shards.map(row)],
    ],
    pictures: charts === undefined ? [] : curves.map(({ file, x, y }) => [file, `${y} over ${x}`]),
    ...(few === undefined || many === undefined
      ? {}
      : {
          reached: {
            growth: {
              figure: many.cost_us / few.cost_us,
              spread: `${format(many.cost_us)} against ${format(few.cost_us)} µs`,
            },
          },
        }),
  };
}

const row = ([n, cost]: Point): string[] => [n.toLocaleString("en"), format(cost)];

const sampled = (pages: number): string[] => Array.from({ length: pages }, (_, n) => pageNumber(n));

async function growVotes(sizes: readonly number[]) {
  const cost = await openCost({});
  const rows: { n: number; cost_us: number; range: string; bytes: number }[] = [];
  try {
    await cost.sample(["warm-up"], SAMPLE);
    let filled = 0;
    for (const n of sizes) {
      const before = await cost.memory();
      await cost.fill(evenRecords(filled, n));
      const bytes = ((await cost.memory()) - before) / (n - filled);
      filled = n;
      const costs: number[] = [];
      // To the same number of pages at every size: how votes are spread decides how many share a call, which is another matter.
      for (let sample = 0; sample < SAMPLES; sample++)
        costs.push(await cost.sample(sampled(SAMPLED_PAGES), SAMPLE));
      rows.push({ n, cost_us: median(costs), range: spread(costs), bytes });
      process.stdout.write(`  ${n} votes on record: ${costs.map((us) => us.toFixed(2)).join(", ")} µs\n`);
    }
  } finally {
    await cost.end();
  }
  return rows;
}

/** With votes on a few of the pages, and on all of them in turns. */
async function growPages(sizes: readonly number[]) {
  const cost = await openCost({});
  const rows: { n: number; few_us: number; all_us: number }[] = [];
  try {
    await cost.sample(["warm-up"], SAMPLE);
    let filled = 0;
    for (const n of sizes) {
      await cost.fill(evenRecords(filled, n, 1));
      filled = n;
      const few_us = await cost.sample(sampled(Math.min(n, SAMPLED_PAGES)), SAMPLE);
      const all_us = await cost.sample(sampled(n), SAMPLE);
      rows.push({ n, few_us, all_us });
      process.stdout.write(`  ${n} pages: ${few_us.toFixed(2)}, ${all_us.toFixed(2)} µs\n`);
    }
  } finally {
    await cost.end();
  }
  return rows;
}

async function growShards(counts: readonly number[]) {
  const rows: Point[] = [];
  for (const shards of counts) {
    const cost = await openCost({ QUEUE_SHARDS: String(shards) });
    try {
      await cost.sample(sampled(SAMPLED_PAGES), SAMPLE);
      rows.push([shards, await cost.sample(sampled(SAMPLED_PAGES), SAMPLE)]);
      process.stdout.write(`  ${shards} shards: ${rows.at(-1)?.[1].toFixed(2)} µs\n`);
    } finally {
      await cost.end();
    }
  }
  return rows;
}
