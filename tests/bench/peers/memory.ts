/** Bytes of Redis a vote: ours beside one plain hash of the same content, with everything counted. */
import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { startRedisProcess } from "../../support/redis-process.ts";
import { format } from "../rows.ts";
import { bytesAVote, usedMemory, voteOnOnePage } from "../tally.ts";
import type { Measured } from "./results.ts";

/** What a plain record takes at least: reaction, time and source as ours hold them. */
const RECORD_BYTES = 9;
const AT_A_TIME = 500;

export async function measureMemory(voters: number): Promise<Measured> {
  const server = await startRedisProcess();
  const redis = new Redis(server.url);
  try {
    const page = await bytesAVote(redis, 10_000, 1);
    const few = await bytesAVote(redis, 500, 200);
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
      title: "Memory of Redis",
      text: `All of Redis's memory counted. The plain hash holds the same content: 8 bytes of pseudonym, ${RECORD_BYTES} bytes of reaction, time and source.`,
      tables: [
        [
          ["", "bytes a vote"],
          ["the first vote on a page, the page included", format(page)],
          ["200 voters on a page", format(few)],
          [`${voters.toLocaleString("en")} voters on a page`, format(packed)],
          [`${voters.toLocaleString("en")} voters in one plain hash`, format(plain)],
        ],
      ],
      reached: { bytes: { figure: packed / plain, spread: `${format(packed)} against ${format(plain)}` } },
    };
  } finally {
    redis.disconnect();
    await server.stop();
  }
}
