/** What a vote costs Redis, all of it (commit, job, tally), with few and with many votes on record. */
import { randomBytes, randomInt } from "node:crypto";
import { startWorker } from "../../../services/worker/start-worker.ts";
import { readConfig } from "../../../shared/runtime/config.ts";
import { openLog } from "../../../shared/runtime/log.ts";
import { openMetrics } from "../../../shared/runtime/metrics.ts";
import type { RedisConnection } from "../../../shared/runtime/redis-connections.ts";
import { KEEP_MS, type TallyVote, tallyPage, VOTES_A_CALL_MAX } from "../../../shared/tallies/tally-page.ts";
import { VoteQueue } from "../../../shared/votes/vote-queue.ts";
import { openTestRedis } from "../../support/tally-redis.ts";
import { startTestRedis } from "../../support/test-redis.ts";
import { median } from "../rows.ts";
import { type Bench, redisCpu_us } from "./measure.ts";

/** Of pages that are filled. */
export const VOTERS_A_PAGE = 10_000;
const SITE = "default";
/** Votes of one measurement, and how many wait for their answer at a time. */
const SAMPLE = 100_000;
export const TOGETHER = 1_000;
/** The stamp of the first vote on record, and that of the first by a voter on record: after all that could be filled in. */
const FROM_MS = 1_700_000_000_000;
const AGAIN_FROM_MS = FROM_MS + 100_000_000;
/** From one page to the next; shares no factor with how many there are. */
const STRIDE = 7_919;

/** A Redis with a worker and a queue, whose work for votes can be told. */
export interface Cost {
  /** Puts records in place. */
  fill(records: Iterable<RecordsOfPage>): Promise<void>;
  /** Casts votes of new voters on the pages in turns; µs of Redis a vote. */
  sample(pages: readonly string[], votes?: number): Promise<number>;
  /**
   * The same by voters on record, so that no record is added.
   * @param voters on each page: at least as many as vote together on one
   * @param votes a multiple of those that are cast together
   */
  sampleAgain(pages: readonly string[], voters: number, votes: number): Promise<number>;
  /** Takes all pages away: only where they are few. */
  clear(): Promise<void>;
  /** Casts a vote on each page of a group at once, waits until they are tallied, and goes on with the next group; µs of Redis a vote. */
  sampleApart(groups: readonly (readonly string[])[]): Promise<number>;
  /** Bytes that Redis uses. */
  memory(): Promise<number>;
  end(): Promise<void>;
}

/** So many more voters on a page, numbered from `first`; at most VOTES_A_CALL_MAX. */
export interface RecordsOfPage {
  readonly page: string;
  readonly first: number;
  readonly voters: number;
}

const PAGE = "page-";
export const pageNumber = (n: number): string => PAGE + n;

/** @param settings of the service besides where Redis is */
export async function openCost(settings: Readonly<Record<string, string>>): Promise<Cost> {
  const server = await startTestRedis();
  const { redis, lifecycle } = openTestRedis("worker", server.url);
  const producer = openTestRedis("producer", server.url);
  // Filled within a minute, its file would be written anew again and again, each time copying every page of memory that changes.
  await redis.config("SET", "auto-aof-rewrite-percentage", "0");
  const config = readConfig({ REDIS_URL: server.url, ...settings });
  startWorker(config, openMetrics(), lifecycle, openLog("bench", "silent"));
  const queue = new VoteQueue(producer.redis, { shards: config.queueShards });
  // Of voters on record, so far.
  let groups = 0;
  return {
    fill: (records) => fill(redis, records),
    sample: (pages, votes = SAMPLE) => sample(redis, queue, inTurns(pages, votes)),
    sampleApart: (groups) => sample(redis, queue, groups, true),
    sampleAgain: (pages, voters, votes) => {
      const first = groups;
      const voteAgain = (n: number, group: number): TallyVote => ({
        ...vote(n),
        at: AGAIN_FROM_MS + (first + group) * KEEP_MS,
        voter: voterOf((Math.floor(n / pages.length) + ((first + group) * TOGETHER) / pages.length) % voters),
      });
      groups += votes / TOGETHER;
      // One group after the other: votes of one voter that wait together are one vote.
      return sample(redis, queue, inTurns(pages, votes), true, voteAgain);
    },
    clear: async () => {
      const keys = await redis.keys(`{${SITE}:${PAGE}*`);
      if (keys.length > 0) await redis.del(...keys);
    },
    memory: async () => Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]),
    end: async () => {
      await queue.close();
      await lifecycle.stop();
      await producer.lifecycle.stop();
      await server.stop();
    },
  };
}

/** Records number `from` to `to`, `votersAPage` on each of as many pages as it takes. */
export function* evenRecords(from: number, to: number, votersAPage = VOTERS_A_PAGE): Iterable<RecordsOfPage> {
  for (let at = from; at < to; ) {
    const page = Math.floor(at / votersAPage);
    const end = Math.min(at + VOTES_A_CALL_MAX, to, (page + 1) * votersAPage);
    yield { page: pageNumber(page), first: at - page * votersAPage, voters: end - at };
    at = end;
  }
}

/** Enough voters for their sources to be counted: a page with fewer than eight costs less still. */
const FEW = { pages: 100, voters: 10 };
const MANY_PAGES = 10_000;

/** The two are measured in turns: a machine that is slow for a minute is slow for both. */
const ROUNDS = 20;
/** Votes of a round on each page of the small one, whose pages would grow with more; as many are cast on the large one. */
const VOTES_A_PAGE = 10;

/**
 * Pages with 1,000 votes on record, all together, beside pages with 10,000,000. No two votes share a call, here or there: what
 * calls that several share cost less, `hot` measures.
 */
export async function measureCost({ quick, say }: Bench): Promise<void> {
  const many = quick ? 200_000 : 10_000_000;
  const rounds = quick ? 2 : ROUNDS;
  const [small, large] = [await openCost({}), await openCost({})];
  try {
    // The first votes warm everything up, on pages that are not measured.
    const warm = Array.from({ length: 1_000 }, (_, n) => `warm-${n}`);
    for (const cost of [small, large]) await cost.sample(warm);
    const empty = await large.memory();
    await large.fill(unevenRecords(many));
    const filled = await large.memory();
    // New pages for each round, all of them there before the first: what was just written would still be in the processor's caches.
    await small.fill(evenRecords(0, rounds * FEW.pages * FEW.voters, FEW.voters));
    const figures: { readonly few: number; readonly many: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const groups = (pageOf: (n: number, group: number) => number) =>
        Array.from({ length: VOTES_A_PAGE }, (_, group) =>
          Array.from({ length: FEW.pages }, (_, n) => pageNumber(pageOf(n, round * VOTES_A_PAGE + group))),
        );
      figures.push({
        few: await small.sampleApart(groups((n) => round * FEW.pages + n)),
        many: await large.sampleApart(groups((n, group) => ((group * FEW.pages + n) * STRIDE) % MANY_PAGES)),
      });
    }
    const few = figures.map((figure) => figure.few);
    const full = figures.map((figure) => figure.many);
    const growth = figures.map((figure) => (figure.many / figure.few - 1) * 100);
    const range = `${Math.min(...growth).toFixed(0)} to ${Math.max(...growth).toFixed(0)}`;
    say(`Redis CPU a vote, 10 on record on each of 100 pages`, `${median(few).toFixed(2)} µs`);
    say(
      `Redis CPU a vote, ${(many / MANY_PAGES).toLocaleString("en")} on record on each of 10,000 pages`,
      `${median(full).toFixed(2)} µs`,
    );
    say("growth", `${median(growth).toFixed(0)} % (${range})`);
    say("memory a vote on record", `${((filled - empty) / many).toFixed(0)} bytes`);
  } finally {
    await small.end();
    await large.end();
  }
}

/**
 * So many records on the pages, from half the mean to one and a half: pages that are all of one size would all make room in
 * the same round, and none in the others.
 */
function* unevenRecords(records: number): Iterable<RecordsOfPage> {
  for (let page = 0; page < MANY_PAGES; page++) {
    const all = Math.round((records / MANY_PAGES) * (0.5 + page / (MANY_PAGES - 1)));
    for (let first = 0; first < all; first += VOTES_A_CALL_MAX)
      yield { page: pageNumber(page), first, voters: Math.min(all - first, VOTES_A_CALL_MAX) };
  }
}

/** Of a new voter, from anywhere. */
function vote(at: number): TallyVote {
  return {
    voter: randomBytes(8).toString("hex"),
    reaction: at % 4,
    at: FROM_MS + at,
    source: randomInt(2 ** 24),
  };
}

/** The pseudonym of a page's voter with that number: two numbers of 32 bits, evenly spread (the end of MurmurHash3). */
function voterOf(number: number): string {
  const mixed = (from: number): string => {
    let hash = from;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0");
  };
  return mixed(number + 1) + mixed(~number);
}

/** Puts records in place. */
export async function fill(redis: RedisConnection, records: Iterable<RecordsOfPage>): Promise<void> {
  let at = 0;
  // One iterator for all of them: each takes what comes next.
  const left = records[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      for (let next = left.next(); next.done !== true; next = left.next()) {
        const { page, first, voters } = next.value;
        const votes = Array.from({ length: voters }, (_, n) => ({
          ...vote(at++),
          voter: voterOf(first + n),
        }));
        await tallyPage(redis, SITE, page, votes);
      }
    }),
  );
}

/** Groups of those that wait for their answer at a time. */
function inTurns(pages: readonly string[], votes: number): readonly (readonly string[])[] {
  return Array.from({ length: votes / TOGETHER }, (_, group) =>
    Array.from({ length: TOGETHER }, (_, n) => pages[((group * TOGETHER + n) * STRIDE) % pages.length] ?? ""),
  );
}

async function sample(
  redis: RedisConnection,
  queue: VoteQueue,
  groups: readonly (readonly string[])[],
  apart = false,
  voteOf = (n: number, group: number): TallyVote => vote(group * TOGETHER + n),
): Promise<number> {
  const tallied = async () => {
    while ((await queue.jobs()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  let votes = 0;
  const began_us = await redisCpu_us(redis);
  for (const [group, pages] of groups.entries()) {
    await Promise.all(pages.map((page, n) => queue.add({ site: SITE, page, ...voteOf(n, group) })));
    votes += pages.length;
    if (apart) await tallied();
  }
  await tallied();
  return ((await redisCpu_us(redis)) - began_us) / votes;
}
