/** Bytes a vote and a page: of Redis, ours beside one plain hash of the same content, with everything counted; then of every way. */
import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { startRedisProcess } from "../../support/redis-process.ts";
import { format } from "../rows.ts";
import { bytesAVote, usedMemory, voteOnOnePage } from "../tally.ts";
import type { Measured } from "./results.ts";
import { storedBy } from "./stored.ts";
import type { Way } from "./ways.ts";

/** What a plain record takes at least: reaction, time and source as ours hold them. */
const RECORD_BYTES = 9;
const AT_A_TIME = 500;
const VOTERS_A_PAGE = 200;
/** Of every way. */
const PAGES = 1_000;
const FURTHER_VOTES = 5_000;

/** @param ways each of which keeps something of its pages and votes */
export async function measureMemory(voters: number, ways: readonly Way[]): Promise<Measured> {
  const stored = await storedBy(ways, PAGES, FURTHER_VOTES);
  const server = await startRedisProcess();
  const redis = new Redis(server.url);
  try {
    const page = await bytesAVote(redis, 10_000, 1);
    const few = await bytesAVote(redis, voters / VOTERS_A_PAGE, VOTERS_A_PAGE);
    await redis.flushall();
    const empty = await usedMemory(redis);
    await voteOnOnePage(redis, voters);
    const packed = ((await usedMemory(redis)) - empty) / voters;
    await redis.flushall();
    const before = await usedMemory(redis);
    for (let left = voters; left > 0; left -= AT_A_TIME) {
      const records = Array.from({ length: AT_A_TIME }, () => [randomBytes(8), randomBytes(RECORD_BYTES)]);
      await redis.hset("plain", ...records.flat());
    }
    const plain = ((await usedMemory(redis)) - before) / voters;
    return {
      title: "Memory a vote and a page",
      text: `First table: all of Redis's memory counted, of ours with what a worker notes of a site: lists of known, hot and active pages, and its timeline. The plain hash holds the same content: 8 bytes of pseudonym, ${RECORD_BYTES} bytes of reaction, time and source. Second table: what the ways' databases hold more after a vote on each of ${PAGES.toLocaleString("en")} pages, and after ${FURTHER_VOTES.toLocaleString("en")} more on one page, each of a new reader: Redis's memory with all that a service keeps of a page, as lists of known and of hot pages and the site's timeline (without BullMQ's list of its last events), the size of SQLite's file, PostgreSQL's own account after its tables were written anew. Files and memory are not the same thing, so only what has the same database compares; Redis's file on disk, PostgreSQL's shared buffers and what the processes hold are not shown here. A way without bytes for a further vote keeps no voter, only sums. Memory a viewer stands under "Telling viewers", that of processes under "Start and size".`,
      tables: [
        [
          ["", "bytes a vote"],
          ["the first vote on a page, the page included", format(page)],
          [
            `${VOTERS_A_PAGE} voters on each of ${(voters / VOTERS_A_PAGE).toLocaleString("en")} pages`,
            format(few),
          ],
          [`${voters.toLocaleString("en")} voters on a page`, format(packed)],
          [`${voters.toLocaleString("en")} voters in one plain hash`, format(plain)],
        ],
        stored,
      ],
      reached: { bytes: { figure: packed / plain, spread: `${format(packed)} against ${format(plain)}` } },
    };
  } finally {
    redis.disconnect();
    await server.stop();
  }
}
