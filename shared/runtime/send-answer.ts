/** Sends answers over a connection that no HTTP server of Node's writes to. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  /** Name, value, name, value …: Node takes such a list for less than an object. Whoever sends the answer adds its length. */
  readonly headers: readonly string[];
  readonly text: string;
}

/**
 * @param keep_ms for how long the connection is kept; undefined: it ends with this answer
 * @returns false when the other side should read before it is sent more
 */
export function sendAnswer(
  socket: Socket,
  { status, headers, text }: Answer,
  keep_ms: number | undefined,
): boolean {
  const length = Buffer.byteLength(text);
  const answer = `${beginningOf(status, headers)}content-length: ${length}\r\n${endOf(keep_ms)}\r\n${text}`;
  // Where there is nothing but ASCII the bytes are the same, and made in less time.
  return socket.write(answer, length === text.length ? "latin1" : "utf8");
}

let begun = { status: 0, headers: [] as readonly string[], lines: "" };

/** The lines that depend on the answer. Votes are answered with one and the same list again and again: its lines are made once. */
function beginningOf(status: number, headers: readonly string[]): string {
  if (begun.headers !== headers || begun.status !== status) {
    let lines = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
    for (let at = 0; at < headers.length; at += 2) lines += `${headers[at]}: ${headers[at + 1]}\r\n`;
    begun = { status, headers, lines };
  }
  return begun.lines;
}

let ended = { second: Number.NaN, keep_ms: 0 as number | undefined, lines: "" };

/** The lines that do not: made once a second. */
function endOf(keep_ms: number | undefined): string {
  const second = Math.floor(Date.now() / 1_000);
  if (ended.second !== second || ended.keep_ms !== keep_ms) {
    const connection =
      keep_ms === undefined
        ? "Connection: close"
        : `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keep_ms / 1_000)}`;
    const lines = `Date: ${new Date(second * 1_000).toUTCString()}\r\n${connection}\r\n`;
    ended = { second, keep_ms, lines };
  }
  return ended.lines;
}
