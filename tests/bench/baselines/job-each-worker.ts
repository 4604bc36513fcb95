/** The worker of job-each.ts: keeps each voter's reaction, moves the totals and tells viewers of them, one vote a job. */
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { redisAdapter } from "./redis-adapter.ts";

const url = process.env.REDIS_URL ?? "";
const redis = new Redis(url, { maxRetriesPerRequest: null });
// Without viewers of its own: what it emits goes to the processes that have some.
const io =
  process.env.ADAPTER === undefined ? undefined : new Server({ adapter: redisAdapter(process.env.ADAPTER) });
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
    if (io === undefined) return;
    const counts = Object.entries(await redis.hgetall(`counts:${page}`));
    io.to(page).emit("counts", {
      page,
      counts: Object.fromEntries(counts.map(([name, count]) => [name, Number(count)])),
    });
  },
  { connection: { url, maxRetriesPerRequest: null }, concurrency: 50 },
);
await worker.waitUntilReady();
process.stdout.write("ready\n");
