import { describe, expect, it } from "vitest";
import { readPlainRequest } from "../../shared/runtime/plain-request.ts";

const BODY = '{"page":"ü"}';
const VOTE = [
  "POST /v1/sites/default/votes HTTP/1.1",
  "host: localhost:3000",
  "connection: keep-alive",
  "Content-Type: application/json; charset=utf-8",
  "accept: */*",
  `content-length: ${Buffer.byteLength(BODY)}`,
];

const bytesOf = (head: readonly string[], body = BODY): Buffer =>
  Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);

/** The vote's request with lines more, or one line instead of the one that begins alike. */
const withLine = (line: string): readonly string[] => {
  const name = line.split(":")[0]?.toLowerCase() ?? "";
  return [...VOTE.filter((other) => !other.toLowerCase().startsWith(`${name}:`)), line];
};

describe("plain requests", () => {
  it("S124: are read from their bytes", () => {
    const request = readPlainRequest(bytesOf(VOTE));
    expect(request?.path).toBe("/v1/sites/default/votes");
    expect({ ...request?.headers }).toEqual({
      host: "localhost:3000",
      connection: "keep-alive",
      "content-type": "application/json; charset=utf-8",
      accept: "*/*",
      "content-length": "13",
    });
    expect(request?.body.toString("utf8")).toBe(BODY);
    expect(readPlainRequest(bytesOf(withLine("content-length: 0"), ""))?.body).toHaveLength(0);
  });

  it.each([
    ["an unfinished head", Buffer.from(VOTE.join("\r\n"))],
    ["an unfinished body", bytesOf(VOTE, BODY.slice(0, -2))],
    ["a body and more", bytesOf(VOTE, `${BODY}POST`)],
    ["no length", bytesOf(VOTE.slice(0, -1))],
    ["two lengths", bytesOf([...VOTE, "content-length: 13"])],
    ["a length with a sign", bytesOf(withLine("content-length: +13"))],
    ["a length with a zero in front", bytesOf(withLine("content-length: 013"))],
    ["two lengths in one", bytesOf(withLine("content-length: 13, 13"))],
    ["chunks", bytesOf([...VOTE, "transfer-encoding: chunked"])],
    ["chunks with odd letters", bytesOf([...VOTE, "Transfer-Encoding: xchunked"])],
    ["an expectation", bytesOf([...VOTE, "expect: 100-continue"])],
    ["an upgrade", bytesOf([...VOTE, "upgrade: h2c"])],
    ["a connection that ends", bytesOf(withLine("connection: close"))],
    ["no host", bytesOf(VOTE.filter((line) => !line.startsWith("host")))],
    ["two hosts", bytesOf([...VOTE, "Host: other"])],
    ["any header twice", bytesOf([...VOTE, "x-forwarded-for: 1.2.3.4", "X-Forwarded-For: 5.6.7.8"])],
    ["a folded header", bytesOf([...VOTE, "x-a: b", " c: d"])],
    ["a space before the colon", bytesOf([...VOTE, "content-length : 5"])],
    ["no space after the colon", bytesOf([...VOTE, "x-a:b"])],
    ["a space at the end", bytesOf([...VOTE, "x-a: b "])],
    ["a tab", bytesOf([...VOTE, "x-a: b\tc"])],
    ["a header without a value", bytesOf([...VOTE, "x-a: "])],
    ["a header without a name", bytesOf([...VOTE, ": b"])],
    ["letters beyond ASCII", bytesOf([...VOTE, "x-a: ü"])],
    ["a line that ends with LF alone", bytesOf([...VOTE, "x-a: b\nx-c: d"])],
    ["a line that ends with CR alone", bytesOf([...VOTE, "x-a: b\rx-c: d"])],
    ["a zero byte", bytesOf([...VOTE, "x-a: b\0c"])],
    [
      "more headers than anybody sends",
      bytesOf([...VOTE, ...Array.from({ length: 64 }, (_, n) => `x-${n}: a`)]),
    ],
    ["another method", bytesOf([VOTE[0]?.replace("POST", "PUT") ?? "", ...VOTE.slice(1)])],
    ["a method in small letters", bytesOf([VOTE[0]?.replace("POST", "post") ?? "", ...VOTE.slice(1)])],
    ["HTTP/1.0", bytesOf([VOTE[0]?.replace("1.1", "1.0") ?? "", ...VOTE.slice(1)])],
    [
      "two spaces in the request line",
      bytesOf([VOTE[0]?.replace(" HTTP", "  HTTP") ?? "", ...VOTE.slice(1)]),
    ],
    ["a whole address", bytesOf([VOTE[0]?.replace("/v1", "http://a/v1") ?? "", ...VOTE.slice(1)])],
    ["an empty line in front", Buffer.concat([Buffer.from("\r\n"), bytesOf(VOTE)])],
    ["nothing", Buffer.alloc(0)],
  ])("S124: are not those with %s", (_, bytes) => {
    expect(readPlainRequest(bytes)).toBeUndefined();
  });

  it("S124: may have headers called like what every object has", () => {
    const request = readPlainRequest(bytesOf([...VOTE, "constructor: a", "x-forwarded-for: b"]));
    expect(request?.headers.constructor).toBe("a");
  });
});
