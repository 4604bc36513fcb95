/**
 * What one writes in an afternoon: Express, one HINCRBY a vote, one emit a vote of the count that it answers. Counts a vote again
 * whenever it is sent again.
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
io.on("connection", (socket) =>
  socket.on("watch", ({ pages }: { pages: string[] }, acknowledge: (answer: object) => void) => {
    void socket.join(pages);
    acknowledge({ ok: true });
  }),
);
app.post("/v1/sites/:site/votes", express.json(), async (request, response) => {
  const { page, reaction } = request.body;
  const count = await redis.hincrby(`counts:${page}`, reaction, 1);
  io.to(page).emit("counts", { page, counts: { [reaction]: count } });
  response.status(202).json({ page, reaction });
});
app.get("/v1/sites/:site/counts", async (request, response) => {
  const page = String(request.query.page);
  const counts = Object.entries(await redis.hgetall(`counts:${page}`));
  const numbers = Object.fromEntries(counts.map(([reaction, count]) => [reaction, Number(count)]));
  response.json({ pages: [{ page, counts: numbers }] });
});
server.listen(0, "127.0.0.1", () => sayAddress(server));
