/**
 * The least that telling viewers can cost in Node: the package `ws` alone sends one text to everyone, ten times a second. Greets
 * as socket.io does, so that the same viewers can listen. SIZE: bytes of the text.
 */
import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { sayAddress } from "./say-address.ts";

const EVERY_MS = 100;
const head = '42["counts",{"total":0,"rev":';
const size = Number(process.env.SIZE);

const server = createServer();
const viewers = new Set<WebSocket>();
new WebSocketServer({ server }).on("connection", (socket) => {
  socket.send('0{"pingInterval":60000,"pingTimeout":60000}');
  socket.on("message", (data) => {
    const text = String(data);
    if (text.startsWith("40")) socket.send("40");
    else if (text.startsWith("420")) {
      socket.send('430[{"total":0}]');
      viewers.add(socket);
    }
  });
});
let rev = 0;
setInterval(() => {
  const text = `${head}${++rev}}]`.padEnd(size);
  for (const viewer of viewers) viewer.send(text);
}, EVERY_MS);
server.listen(0, "127.0.0.1", () => sayAddress(server));
