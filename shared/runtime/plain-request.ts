/**
 * Reads an HTTP/1.1 request of the plainest kind straight from its bytes. Node's own reading of a small request (parser,
 * streams, events) costs several times what this service does with a vote.
 *
 * Two readings of one request are how requests are smuggled (RFC 9112, 11.2), so there is no second opinion here: what is read
 * is a small part of the grammar that leaves nothing to interpret, and whatever is outside of it is not refused but left, byte
 * for byte, to Node's parser. A test reads both ways and compares.
 */
import type { IncomingHttpHeaders } from "node:http";

export interface PlainRequest {
  /** Path and query as sent. */
  readonly path: string;
  /** By lower-case name; each name came once. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request line, then headers of visible ASCII: one space after the colon, none at the end. No folding, no odd characters. */
const HEAD = /^POST (\/[!-~]*) HTTP\/1\.1\r\n(?:[A-Za-z0-9-]+: [!-~](?:[ -~]*[!-~])?\r\n)+$/;
const END_OF_HEAD = Buffer.from("\r\n\r\n");

/** Node passes over headers past the 2,000th; nobody who is plain sends as many as this. */
const HEADERS_MAX = 64;

/** Headers that say something of the connection, or of how the body is to be read, and the one that Node makes a list of. */
const NOT_PLAIN = new Set([
  "transfer-encoding",
  "trailer",
  "te",
  "expect",
  "upgrade",
  "keep-alive",
  "set-cookie",
]);

/**
 * @param bytes all that has come over the connection since the last request
 * @returns undefined unless they are one POST with a length, whole, and nothing else
 */
export function readPlainRequest(bytes: Buffer): PlainRequest | undefined {
  const endOfHead = bytes.indexOf(END_OF_HEAD);
  if (endOfHead === -1) return undefined;
  const head = bytes.toString("latin1", 0, endOfHead + 2);
  const path = HEAD.exec(head)?.[1];
  if (path === undefined) return undefined;
  const headers = readHeaders(head);
  if (headers?.host === undefined || !isKeepAlive(headers.connection)) return undefined;
  const body = bytes.subarray(endOfHead + END_OF_HEAD.length);
  if (headers["content-length"] !== String(body.length)) return undefined;
  return { path, headers, body };
}

/** @returns undefined when one is not plain, or a name comes twice: what that means differs from name to name */
function readHeaders(head: string): IncomingHttpHeaders | undefined {
  const headers: IncomingHttpHeaders = Object.create(null);
  let count = 0;
  for (let at = head.indexOf("\r\n") + 2; at < head.length; ) {
    const colon = head.indexOf(":", at);
    const end = head.indexOf("\r\n", colon);
    const name = head.slice(at, colon).toLowerCase();
    if (headers[name] !== undefined || NOT_PLAIN.has(name) || ++count > HEADERS_MAX) return undefined;
    headers[name] = head.slice(colon + 2, end);
    at = end + 2;
  }
  return headers;
}

/** HTTP/1.1 keeps connections anyway; clients and proxies say so all the same. */
function isKeepAlive(connection: string | undefined): boolean {
  return connection === undefined || connection === "keep-alive" || connection === "Keep-Alive";
}
