/** What tally.lua does alone: votes a second with 200 votes a call while a page grows, and the bytes a vote then takes. */
import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { type TallyVote, tallyPage, VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import type { Row } from "./rows.ts";

/** Calls on their way at a time, over all workers. */
const IN_FLIGHT = 32;

/** Connections that they come over, one for each of as many workers: Redis reads some four calls from each before it syncs its file. */
const WORKERS = 4;

/** @param voters on the one big page */
export async function benchTally(voters: number): Promise<readonly Row[]> {
  const server = await startRedisProcess();
  const redis = new Redis(server.url);
  try {
    const few = await bytesAVote(redis, 10_000, 1);
    const some = await bytesAVote(redis, 500, 200);
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
        note: "10,000 pages; all of Redis's memory counted",
      },
      {
        what: "bytes a vote, 200 voters on a page",
        figure: some,
        aim: { sense: "≤", figure: 32 },
        note: "500 pages; all of Redis's memory counted",
      },
      {
        what: `bytes a vote, ${voters} voters on a page`,
        figure: many,
        aim: { sense: "≤", figure: 26 },
        note: "all of Redis's memory counted",
      },
    ];
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

/** Votes a call where memory is measured: as votes come to most pages, whose tables grow with them. */
const FEW_A_CALL = 10;

/** Memory that votes take, everything counted: keys, pages, records, Redis's own tables. */
export async function bytesAVote(redis: Redis, pages: number, votersAPage: number): Promise<number> {
  const fill = (count: number): Promise<void> =>
    inFlight(count, async (page) => {
      for (let left = votersAPage; left > 0; left -= FEW_A_CALL)
        await tallyPage(redis, "default", `page-${page}`, freshVotes(Math.min(left, FEW_A_CALL)));
    });
  // What Redis allocates once, for the script and its clients, is no vote's.
  await fill(pages);
  await redis.flushall();
  const before = await usedMemory(redis);
  await fill(pages);
  return ((await usedMemory(redis)) - before) / (pages * votersAPage);
}

/** Seconds that it took. */
export async function voteOnOnePage(redis: Redis, voters: number): Promise<number> {
  const workers = Array.from({ length: WORKERS }, () => redis.duplicate());
  // Made beforehand in slices, so that making them is not part of the time.
  let took_ms = 0;
  for (let left = voters; left > 0; ) {
    const calls: TallyVote[][] = [];
    for (; left > 0 && calls.length < 500; left -= VOTES_A_CALL_MAX) {
      calls.push(freshVotes(Math.min(left, VOTES_A_CALL_MAX)));
    }
    const began_ms = performance.now();
    await inFlight(calls.length, (call) =>
      tallyPage(workers[call % WORKERS] ?? redis, "default", "one-page", calls[call] ?? []),
    );
    took_ms += performance.now() - began_ms;
  }
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
