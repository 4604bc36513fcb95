/**
 * What tally.lua does alone: votes a second with 200 votes a call while a page grows. And the bytes that a vote then takes, with all that
 * a worker notes of it besides.
 */
import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import {
  type TallyResult,
  type TallyVote,
  tallyPage,
  VOTES_A_CALL_MAX,
} from "../../shared/tallies/tally-page.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import type { Aim, Row } from "./rows.ts";
import { openWorkerNotes } from "./worker-notes.ts";

const SITE = "default";

const ALL_COUNTED =
  "all of Redis's memory counted, with the site's lists of known, hot and active pages and its timeline";

/** Calls on their way at a time, over all workers. */
const IN_FLIGHT = 32;

/** Connections that they come over, one for each of as many workers: Redis reads some four calls from each before it syncs its file. */
const WORKERS = 4;

/** Of a page as most are. */
const VOTERS_A_PAGE = 200;

/** @param voters on the one big page, and on all pages of the site with many */
export async function benchTally(voters: number): Promise<readonly Row[]> {
  const server = await startRedisProcess();
  const redis = new Redis(server.url);
  try {
    const few = await bytesAVote(redis, 10_000, 1);
    const small = await bytesAVote(redis, 500, VOTERS_A_PAGE);
    const pages = voters / VOTERS_A_PAGE;
    const some = await bytesAVote(redis, pages, VOTERS_A_PAGE);
    // Promised of a million: what is kept of a site as a whole weighs more on fewer.
    const aimOf = (figure: number): Aim | undefined =>
      voters < 1_000_000 ? undefined : { sense: "≤", figure };
    await redis.flushall();
    await redis.config("RESETSTAT");
    const before = await usedMemory(redis);
    const took_s = await voteOnOnePage(redis, voters);
    const many = ((await usedMemory(redis)) - before) / voters;
    const [, calls, micros] =
      /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(await redis.info("commandstats")) ?? [];
    return [
      {
        what: `votes/s of tally.lua, ${VOTES_A_CALL_MAX} a call from ${WORKERS} workers, a page growing to ${voters} voters`,
        figure: voters / took_s,
        aim: { sense: "≥", figure: 150_000 },
        note: `Redis computed for ${(Number(micros) / Number(calls)).toFixed(0)} µs a call; the rest is writing to disk and waiting`,
      },
      {
        what: "bytes a vote, 1 voter on a page",
        figure: few,
        note: `10,000 pages; ${ALL_COUNTED}`,
      },
      {
        what: `bytes a vote, ${VOTERS_A_PAGE} voters on each of ${pages} pages`,
        figure: some,
        aim: aimOf(32),
        note: ALL_COUNTED,
      },
      {
        what: `the same on a site of 500 pages, all of them voted on within minutes`,
        figure: small,
        note: `${ALL_COUNTED}; lists of warm pages hold 500 at most, and which networks are strangers to a page is kept for 15 minutes`,
      },
      {
        what: `bytes a vote, ${voters} voters on a page`,
        figure: many,
        aim: aimOf(26),
        note: ALL_COUNTED,
      },
    ];
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

/** Votes a call where memory is measured: as votes come to most pages, whose tables grow with them. */
const FEW_A_CALL = 10;

const WARM_PAGES = 500;

/** Memory that votes take, everything counted: records, pages, what a worker notes of them and their site, Redis's own tables. */
export async function bytesAVote(redis: Redis, pages: number, votersAPage: number): Promise<number> {
  const fill = async (count: number): Promise<void> => {
    const notes = openWorkerNotes(redis, SITE);
    await inFlight(count, async (n) => {
      const page = `page-${n}`;
      for (let left = votersAPage; left > 0; left -= FEW_A_CALL) {
        const votes = freshVotes(Math.min(left, FEW_A_CALL));
        await notes.note(page, votes, await tallyPage(redis, SITE, page, votes));
      }
    });
    await notes.end();
  };
  // What Redis allocates once, for the scripts and its clients, is no vote's.
  await fill(Math.min(pages, WARM_PAGES));
  await redis.flushall();
  const before = await usedMemory(redis);
  await fill(pages);
  return ((await usedMemory(redis)) - before) / (pages * votersAPage);
}

/** Seconds that the script took; what a worker notes besides is there afterwards, too. */
export async function voteOnOnePage(redis: Redis, voters: number): Promise<number> {
  const page = "one-page";
  const noted: (readonly [newest: readonly TallyVote[], result: TallyResult])[] = [];
  const workers = Array.from({ length: WORKERS }, () => redis.duplicate());
  // Made beforehand in slices, so that making them is not part of the time.
  let took_ms = 0;
  for (let left = voters; left > 0; ) {
    const calls: TallyVote[][] = [];
    for (; left > 0 && calls.length < 500; left -= VOTES_A_CALL_MAX) {
      calls.push(freshVotes(Math.min(left, VOTES_A_CALL_MAX)));
    }
    const began_ms = performance.now();
    await inFlight(calls.length, async (call) => {
      const votes = calls[call] ?? [];
      const result = await tallyPage(workers[call % WORKERS] ?? redis, SITE, page, votes);
      // Who reads this page alone is no stranger to it: the others need not be kept for that.
      noted.push([votes.slice(-1), result]);
    });
    took_ms += performance.now() - began_ms;
  }
  // Afterwards, so that the script was alone.
  const notes = openWorkerNotes(redis, SITE);
  for (const [votes, result] of noted) await notes.note(page, votes, result);
  await notes.end();
  for (const worker of workers) worker.disconnect();
  return took_ms / 1_000;
}

function freshVotes(count: number): TallyVote[] {
  const at = Date.now();
  return Array.from({ length: count }, (_, i) => ({
    voter: randomBytes(8).toString("hex"),
    reaction: i % 4,
    at,
    // Readers come from everywhere: with few sources most votes would be held, which is another path.
    source: randomBytes(3).readUIntBE(0, 3),
  }));
}

async function inFlight(count: number, run: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

/** Bytes that Redis holds, but for the buffers of connections and of the append-only file, which come and go. */
export async function usedMemory(redis: Redis): Promise<number> {
  const info = await redis.info("memory");
  const bytes = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  return bytes("used_memory") - bytes("mem_clients_normal") - bytes("mem_aof_buffer");
}
