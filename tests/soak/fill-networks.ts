/**
 * Fills what the worker remembers of networks (services/worker/site-readers.ts): those of the 1,000 pages that were voted on last, and
 * at most 262,144 of the site, some 22 MB in all. Rounds alone would take more than an hour to fill it, and until then the worker's
 * memory would climb by as much, and rightly: a leak could hide in that. When a day ends (UTC) it is emptied: a run over midnight
 * says nothing of the worker's memory.
 */
import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Redis } from "ioredis";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openRedis, whenConnected } from "../../shared/runtime/redis-connections.ts";
import { redisTime_ms } from "../../shared/runtime/redis-time.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { VoteQueue } from "../../shared/votes/vote-queue.ts";
import type { TestBed } from "../faults/rig/test-bed.ts";
import { redisAddress } from "../support/redis-place.ts";

/**
 * After so many the worker forgets whom it has counted and begins anew: until then it takes ever more new ones for known, at last every
 * second one. Pages of rounds would have fewer networks than the others, and a leak could hide in that, too. It is enough for 1,000 pages.
 */
const VOTERS = 2 ** 19;
/** The part of a voter's name that it knows them by, in hexadecimal digits. */
const KNOWN_BY = 5;
/**
 * Networks of a page. Those of rounds have some 400, fewer where the machine is slow; what a Map takes of memory doubles at 256 and at 512.
 */
const VOTERS_A_PAGE = 400;
const PAGES_TOGETHER = 10;
const SITE = "default";
const PAGE = "known-";
const LOOK_MS = 20;
/** Pages hear of their strangers every ten seconds, and would have a key anew. */
const TOLD_MS = 12_000;

export async function fillNetworks(bed: TestBed, redis: Redis): Promise<void> {
  const lifecycle = new Lifecycle();
  const producer = openRedis("producer", redisAddress(bed.place), lifecycle, openLog("soak", "silent"));
  const queue = new VoteQueue(producer, { shards: bed.shards });
  lifecycle.onStop("queue", () => queue.close());
  try {
    await whenConnected(producer);
    for (let voters = 0; voters <= VOTERS; ) {
      const at = await redisTime_ms(producer);
      const votes: AcceptedVote[] = [];
      for (let n = PAGES_TOGETHER * VOTERS_A_PAGE; n > 0; n--)
        votes.push(newVote(`${PAGE}${Math.floor(voters / VOTERS_A_PAGE)}`, voters++, at));
      await Promise.all(votes.map((vote) => queue.add(vote)));
      while ((await queue.jobs()) > 0) await pause(LOOK_MS);
    }
  } finally {
    await lifecycle.stop();
  }
  await pause(TOLD_MS);
  // Redis is to hold what the rounds bring, and nothing else.
  const keys = await redis.keys(`{${SITE}:${PAGE}*`);
  if (keys.length > 0) await redis.unlink(keys);
}

/** Of a voter who is taken for no other, from anywhere. */
function newVote(page: string, number: number, at: number): AcceptedVote {
  const name = number.toString(16).padStart(KNOWN_BY, "0") + randomBytes(8).toString("hex");
  return { site: SITE, page, voter: name.slice(0, 16), reaction: 0, at, source: randomInt(2 ** 24) };
}
