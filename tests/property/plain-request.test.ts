/** Requests that are read past Node's parser, read by both: two readings of one request are how requests are smuggled. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPlainRequest } from "../../shared/runtime/plain-request.ts";

interface Read {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let heard: Read[] = [];
const server = createServer((request, response) => {
  const { method, url: path, headers } = request;
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString("latin1");
  });
  request.on("end", () => {
    heard.push({ method, path, headers: { ...headers }, body });
    response.end();
  });
});
beforeAll(async () => void (await once(server.listen(0, "127.0.0.1"), "listening")));
afterAll(() => void server.close());

/** What Node's parser makes of bytes and an end. */
async function readByNode(bytes: Buffer): Promise<readonly Read[]> {
  heard = [];
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => {}).resume();
  socket.end(bytes);
  await once(socket, "close");
  return heard;
}

const name = fc.constantFrom(
  ...["x-a", "Host", "host", "content-length", "Content-Length", "transfer-encoding", "connection", "cookie"],
  ...["__proto__", "set-cookie", "te", "expect", "X_y", "x-forwarded-for", "content-type", ""],
);
const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("a", "a b", "0", "1", "2", "5", "10", "keep-alive", "text/plain") },
  fc.constantFrom(
    "chunked",
    "+5",
    "05",
    "0x5",
    "5,5",
    "5, 5",
    "",
    " 5",
    "a ",
    "close",
    "a\tb",
    "ü",
    "a\0b",
    "\u00a0",
  ),
  fc.string({ maxLength: 6 }),
);
const separator = fc.oneof(
  { weight: 9, arbitrary: fc.constant(": ") },
  fc.constantFrom(":", " : ", ":  ", ";"),
);
const ending = fc.oneof({ weight: 15, arbitrary: fc.constant("\r\n") }, fc.constantFrom("\n", "\r", "\r\n "));
const line = fc.tuple(name, separator, value, ending).map((parts) => parts.join(""));
const first = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom("POST / HTTP/1.1\r\n", "POST /v1/sites/a/votes?b=%20 HTTP/1.1\r\n"),
  },
  fc.constantFrom("POST /ü HTTP/1.1\r\n", "POST  / HTTP/1.1\r\n", "POST / HTTP/1.1\n", "post / HTTP/1.1\r\n"),
);
const body = fc.oneof(fc.constantFrom("", "a", "hello", "0\r\n\r\n"), fc.string({ maxLength: 12 }));

/** Most are nearly right: a host, and a length that fits, among lines that may be anything. */
const request = fc
  .tuple(
    first,
    fc.array(line, { maxLength: 4 }),
    body,
    fc.array(line, { maxLength: 2 }),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([start, before, text, after, fault]) => {
    const length = Buffer.byteLength(text) + (fault === 0 ? 1 : fault === 1 ? -1 : 0);
    const own = `${fault === 2 ? "" : "host: a\r\n"}${fault === 3 ? "" : `content-length: ${length}\r\n`}`;
    return Buffer.from(`${start}${before.join("")}${own}${after.join("")}\r\n${text}`);
  });

describe("plain requests and Node's parser", () => {
  it("S124: what is read past Node's parser is what Node's parser reads, and nothing less or more", async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(request, async (bytes) => {
        const ours = readPlainRequest(bytes);
        if (ours === undefined) return;
        plain++;
        const { path, headers, body: read } = ours;
        expect(await readByNode(bytes)).toEqual([
          { method: "POST", path, headers: { ...headers }, body: read.toString("latin1") },
        ]);
      }),
      { numRuns: 4_000 },
    );
    // Else the test would be of nothing.
    expect(plain).toBeGreaterThan(50);
  });
});
