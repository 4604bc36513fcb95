/** The worker of job-each.ts: keeps each voter's reaction and moves the totals, one vote a job. */
import { Worker } from "bullmq";
import { Redis } from "ioredis";

const url = process.env.REDIS_URL ?? "";
const redis = new Redis(url, { maxRetriesPerRequest: null });
const worker = new Worker(
  "each",
  async ({ data: { page, reaction, voter } }) => {
    const before = await redis.hget(`voters:${page}`, voter);
    if (before === reaction) return;
    const change = redis
      .multi()
      .hset(`voters:${page}`, voter, reaction)
      .hincrby(`counts:${page}`, reaction, 1);
    if (before !== null) change.hincrby(`counts:${page}`, before, -1);
    await change.exec();
  },
  { connection: { url, maxRetriesPerRequest: null }, concurrency: 50 },
);
await worker.waitUntilReady();
process.stdout.write("ready\n");
