/** One BullMQ job a vote behind express.json. REDIS_URL: where the queue is. Its worker is job-each-worker.ts. */
import { createServer } from "node:http";
import { Queue } from "bullmq";
import express from "express";
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
const server = createServer(app);
server.listen(0, "127.0.0.1", () => sayAddress(server));
