/**
 * The least that a vote over HTTP can cost in Node: bare `node:http` that reads the same JSON and answers. Keeps nothing; whoever
 * asks for counts gets the same text, as long as ours.
 */
import { createServer } from "node:http";
import { sayAddress } from "./say-address.ts";

const COUNTS = JSON.stringify({
  pages: [
    {
      page: "https://news.example/accept/0",
      counts: { great: 25, sad: 25, angry: 25, recommend: 25 },
      total: 100,
      epoch: "0123456789ab",
      rev: 100,
      state: "open",
    },
  ],
});
const ETAG = '"a tag"';

const server = createServer((request, response) => {
  if (request.method === "GET") {
    const fresh = request.headers["if-none-match"] === ETAG;
    response.writeHead(fresh ? 304 : 200, {
      "content-type": "application/json; charset=utf-8",
      etag: ETAG,
      ...(fresh ? {} : { "content-length": Buffer.byteLength(COUNTS) }),
    });
    response.end(fresh ? undefined : COUNTS);
    return;
  }
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
