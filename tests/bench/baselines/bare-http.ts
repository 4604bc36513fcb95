/** The least that a vote over HTTP can cost in Node: bare `node:http` that reads the same JSON and answers. Keeps nothing. */
import { createServer } from "node:http";
import { sayAddress } from "./say-address.ts";

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { page, reaction } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const body = JSON.stringify({ page, reaction, at: Date.now() });
    response.writeHead(202, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => sayAddress(server));
