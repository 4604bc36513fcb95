/**
 * What one writes in an afternoon: Express, one HINCRBY a vote, one emit a vote. Counts a vote again whenever it is sent again.
 * REDIS_URL: where to count.
 */
import { createServer } from "node:http";
import express from "express";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { sayAddress } from "./say-address.ts";

const redis = new Redis(process.env.REDIS_URL ?? "");
const app = express();
const server = createServer(app);
const io = new Server(server);
io.on("connection", (socket) => socket.on("watch", (page: string) => void socket.join(page)));
app.post("/v1/sites/:site/votes", express.json(), async (request, response) => {
  const { page, reaction } = request.body;
  await redis.hincrby(`counts:${page}`, reaction, 1);
  io.to(page).emit("counts", { page, counts: await redis.hgetall(`counts:${page}`) });
  response.status(202).json({ page, reaction });
});
server.listen(0, "127.0.0.1", () => sayAddress(server));
