/**
 * One BullMQ job a vote behind express.json; viewers hear over @socket.io/redis-adapter. REDIS_URL: where the queue is. ADAPTER:
 * the folder that the adapter is installed in; without it nobody is told. Its worker is job-each-worker.ts.
 */
import { createServer } from "node:http";
import { Queue } from "bullmq";
import express from "express";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { redisAdapter } from "./redis-adapter.ts";
import { sayAddress } from "./say-address.ts";

const queue = new Queue("each", {
  connection: { url: process.env.REDIS_URL ?? "" },
  defaultJobOptions: { removeOnComplete: true },
});
const app = express();
app.post("/v1/sites/:site/votes", express.json(), async (request, response) => {
  const { page, reaction, voter } = request.body;
  await queue.add("vote", { page, reaction, voter });
  response.status(202).json({ page, reaction });
});
const redis = new Redis(process.env.REDIS_URL ?? "");
app.get("/v1/sites/:site/counts", async (request, response) => {
  const page = String(request.query.page);
  const counts = Object.entries(await redis.hgetall(`counts:${page}`));
  const numbers = Object.fromEntries(counts.map(([reaction, count]) => [reaction, Number(count)]));
  response.json({ pages: [{ page, counts: numbers }] });
});
const server = createServer(app);
if (process.env.ADAPTER !== undefined) {
  const io = new Server(server, { adapter: redisAdapter(process.env.ADAPTER) });
  io.on("connection", (socket) =>
    socket.on("watch", ({ pages }: { pages: string[] }, acknowledge: (answer: object) => void) => {
      void socket.join(pages);
      acknowledge({ ok: true });
    }),
  );
}
server.listen(0, "127.0.0.1", () => sayAddress(server));
