/** What a vote costs while votes, pages and shards grow: all of Redis's work for it, and the memory it takes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, median, spread } from "../rows.ts";
import { type Cost, evenRecords, openCost, pageNumber, TOGETHER, VOTERS_A_PAGE } from "../scale/cost.ts";
import { type Chart, type Curve, drawChart } from "./chart.ts";
import { type GrownService, growService } from "./grown-service.ts";
import type { Measured, Reached } from "./results.ts";

const SHARDS = [1, 2, 4, 8, 16, 32, 64];
const SAMPLE = 10 * TOGETHER;
const PAGES = 10;
/** So many on record are put back before each round, so that votes of new voters do not make the size another one. */
const RESTORED_MAX = 1e5;
const FOLDER = fileURLToPath(new URL("../", import.meta.url));

/** Figures of one size, one a round. */
interface Size<Name extends string> {
  readonly n: number;
  readonly cost: Cost;
  readonly figures: Readonly<Record<Name, number[]>>;
}

export interface GrowthParts {
  /** On record in the end. */
  readonly votes_max: number;
  readonly rounds: number;
  /** Of load on the whole service. */
  readonly seconds: number;
  /** Folder of the library that draws; undefined: nothing is drawn. */
  readonly charts: string | undefined;
}

export async function measureGrowth({ votes_max, rounds, seconds, charts }: GrowthParts): Promise<Measured> {
  const sizes = [1, 1e3, 1e5, 1e7].filter((n) => n < votes_max).concat(votes_max);
  const votes = await growVotes(sizes, 3 * rounds);
  const services = await growService({ sizes, votersAPage, pages: sampled(PAGES), rounds, seconds });
  const pages = await growPages(
    [1, 1e2, 1e4, 1e6].filter((n) => n <= votes_max / 10),
    rounds,
  );
  const shards = await growShards(votes_max < 10_000 ? [1, 2] : SHARDS, rounds);
  const pictures: readonly (Chart & { readonly file: string })[] = [
    {
      file: "votes.svg",
      x: "votes on record",
      y: "µs of Redis a vote",
      curves: [curve("of a voter on record", votes, "again"), curve("of a new voter", votes, "fresh")],
    },
    {
      file: "memory.svg",
      x: "votes on record",
      y: "bytes of Redis a vote",
      curves: [
        { name: "", points: votes.filter(({ n }) => n >= 1e3).map(({ n, bytes }) => [n, bytes] as const) },
      ],
    },
    {
      file: "pages.svg",
      x: "pages",
      y: "µs of Redis a vote",
      curves: [curve("on ten pages", pages, "few"), curve("on all pages in turns", pages, "all")],
    },
    {
      file: "shards.svg",
      x: "shards of the queue",
      y: "µs of Redis a vote",
      curves: [curve("", shards, "vote")],
    },
  ];
  if (charts !== undefined)
    for (const picture of pictures) writeFileSync(join(FOLDER, picture.file), drawChart(charts, picture));
  return {
    title: "Growth",
    text: `µs of Redis: its own processor time (its threads for the disk included) for a vote, the whole way: commit, job, tally; votes come a thousand at a time, and the append-only file is not rewritten meanwhile. Each size has a Redis of its own, and all take turns: medians, with lowest and highest in brackets.

Votes on record: on ten pages, ${VOTERS_A_PAGE.toLocaleString("en")} on each at most, on more pages where that is not enough; ${3 * rounds} rounds, each with ${SAMPLE.toLocaleString("en")} votes on the ten pages by voters on record, which add none, and ${TOGETHER.toLocaleString("en")} of new voters; up to ${RESTORED_MAX.toLocaleString("en")} what they added is taken away again before the next round, so that at 1 and 1,000 votes on record new voters make these up to ${TOGETHER.toLocaleString("en")} more, and nowhere else more than a hundredth. A single voter on record cannot vote a thousand times at a time. At 1,000 a hundred voters on record are all there are on a page: their votes come in one call and share what it reads and writes, which they do not on larger pages. What must be reached is asked of new voters, as nearly all votes are. votes/s and reads/s are those of the whole service as under "Votes accepted and counted" and "Reading counts", ${seconds} s and ${rounds} rounds, by 2,000 voters who press again and again on the ten pages, each time another reaction; they are on record besides.

Pages: one vote on record on each, then ${rounds} rounds of ${SAMPLE.toLocaleString("en")} votes by new voters on ten of them and as many on all of them in turns. The more pages they are for, the fewer votes share a call of the script, until each costs what a call costs. Shards: of the queue, on one Redis, ${rounds} rounds of ${SAMPLE.toLocaleString("en")} votes by new voters on ten pages.

Not shown over these sizes: the peers, which keep no votes by voter that could grow (but for the job a vote), and telling viewers, which does not read what is on record.`,
    tables: [
      [
        [
          "votes on record",
          "µs of Redis, a vote of a voter on record",
          "of a new voter",
          "bytes a vote",
          "votes/s",
          "counts reads/s",
        ],
        ...votes.map(({ n, figures, bytes }) => [
          n.toLocaleString("en"),
          shown(figures.again),
          shown(figures.fresh),
          n < 1e3 ? "–" : format(bytes),
          ...servedAt(services, n),
        ]),
      ],
      [
        ["pages", "µs of Redis a vote on ten of them", "on all of them in turns"],
        ...pages.map(({ n, figures }) => [n.toLocaleString("en"), shown(figures.few), shown(figures.all)]),
      ],
      [["shards", "µs of Redis a vote"], ...shards.map(({ n, figures }) => [String(n), shown(figures.vote)])],
    ],
    pictures: charts === undefined ? [] : pictures.map(({ file, x, y }) => [file, `${y} over ${x}`]),
    ...reachedBy(votes),
  };
}

const sampled = (pages: number): string[] => Array.from({ length: pages }, (_, n) => pageNumber(n));

/** On ten pages, or on more where they would be larger than pages are. */
const votersAPage = (n: number): number => Math.min(VOTERS_A_PAGE, Math.ceil(n / PAGES));

const shown = (figures: readonly number[]): string =>
  figures.length === 0 ? "–" : `${format(median(figures))} (${spread(figures)})`;

function servedAt(services: readonly GrownService[], size: number): string[] {
  const { votes = [], reads = [] } = services.find(({ n }) => n === size) ?? {};
  return [shown(votes), shown(reads)];
}

function curve<Name extends string>(name: string, sizes: readonly Size<Name>[], figure: Name): Curve {
  const points = sizes
    .filter(({ figures }) => figures[figure].length > 0)
    .map(({ n, figures }) => [n, median(figures[figure])] as const);
  return { name, points };
}

/** Only what was asked for counts as reached: a smaller run claims nothing. */
function reachedBy(votes: readonly Size<"again" | "fresh">[]): { readonly reached?: Reached } {
  const [few, many] = [1e3, 1e7].map((size) => votes.find(({ n }) => n === size)?.figures);
  if (few === undefined || many === undefined) return {};
  const ratios = many.fresh.map((cost, round) => cost / (few.fresh[round] ?? Number.NaN));
  const note = `${spread(ratios)}; ${format(median(many.fresh))} against ${format(median(few.fresh))} µs`;
  return { reached: { growth: { figure: median(ratios), spread: note } } };
}

/** A Redis for each size, warm and filled; ended when `use` is done. */
async function withSizes<Name extends string, Filled>(
  sizes: readonly number[],
  empty: () => Size<Name>["figures"],
  settings: (n: number) => Readonly<Record<string, string>>,
  use: (opened: readonly Size<Name>[]) => Promise<Filled>,
): Promise<Filled> {
  const opened: Size<Name>[] = [];
  try {
    for (const n of sizes) {
      const cost = await openCost(settings(n));
      opened.push({ n, cost, figures: empty() });
      await cost.sample(["warm-up"], SAMPLE);
    }
    return await use(opened);
  } finally {
    for (const { cost } of opened) await cost.end();
  }
}

function growVotes(sizes: readonly number[], rounds: number) {
  return withSizes(
    sizes,
    () => ({ again: [], fresh: [] }),
    () => ({}),
    async (opened) => {
      const filled = [];
      for (const size of opened) {
        const before = await size.cost.memory();
        await size.cost.fill(evenRecords(0, size.n, votersAPage(size.n)));
        filled.push({ ...size, bytes: ((await size.cost.memory()) - before) / size.n });
      }
      for (let round = 0; round < rounds; round++) {
        for (const { n, cost, figures } of opened) {
          if (round > 0 && n <= RESTORED_MAX) {
            await cost.clear();
            await cost.fill(evenRecords(0, n, votersAPage(n)));
          }
          if (n >= TOGETHER)
            figures.again.push(await cost.sampleAgain(sampled(PAGES), votersAPage(n), SAMPLE));
          figures.fresh.push(await cost.sample(sampled(PAGES), TOGETHER));
          say(`${n} votes on record`, figures);
        }
      }
      return filled;
    },
  );
}

/** With votes on a few of the pages, and on all of them in turns. */
function growPages(sizes: readonly number[], rounds: number) {
  return withSizes(
    sizes,
    () => ({ few: [], all: [] }),
    () => ({}),
    async (opened) => {
      for (const { n, cost } of opened) await cost.fill(evenRecords(0, n, 1));
      for (let round = 0; round < rounds; round++) {
        for (const { n, cost, figures } of opened) {
          figures.few.push(await cost.sample(sampled(Math.min(n, PAGES)), SAMPLE));
          figures.all.push(await cost.sample(sampled(n), SAMPLE));
          say(`${n} pages`, figures);
        }
      }
      return opened;
    },
  );
}

function growShards(counts: readonly number[], rounds: number) {
  const settings = (n: number) => ({ QUEUE_SHARDS: String(n) });
  return withSizes(
    counts,
    () => ({ vote: [] }),
    settings,
    async (opened) => {
      for (let round = 0; round < rounds; round++) {
        for (const { n, cost, figures } of opened) {
          figures.vote.push(await cost.sample(sampled(PAGES), SAMPLE));
          say(`${n} shards`, figures);
        }
      }
      return opened;
    },
  );
}

/** For whoever watches. */
function say(what: string, figures: Readonly<Record<string, readonly number[]>>): void {
  const last = Object.entries(figures).map(
    ([name, list]) => `${name} ${format(list.at(-1) ?? Number.NaN)} µs`,
  );
  process.stdout.write(`  ${what}: ${last.join(", ")}\n`);
}
