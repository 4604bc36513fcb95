/**
 * A process full of viewers that cost little themselves: each is a TCP connection with just as much of WebSocket (RFC 6455)
 * and socket.io as it takes to watch a page. Told by its parent where; reports what arrived when.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

export interface ViewerReport {
  /** Revision, Unix ms of the first and the last arrival here, how many viewers here it reached. */
  readonly updates: readonly (readonly [rev: number, first_ms: number, last_ms: number, viewers: number])[];
  readonly messages: number;
  /** Of these messages, without what frames and TCP add. */
  readonly bytes: number;
  /** The total that every viewer here was told last; undefined when they differ. */
  readonly total: number | undefined;
}

interface Wish {
  readonly address: string;
  readonly page: string;
  readonly viewers: number;
}

const updates = new Map<number, [number, number, number]>();
const totals: number[] = [];
let messages = 0;
let bytes = 0;

process.on("message", (wish: Wish | "report") => {
  if (wish !== "report") {
    void watchAll(wish);
    return;
  }
  const report: ViewerReport = {
    updates: [...updates].map(
      ([rev, [first_ms, last_ms, viewers]]) => [rev, first_ms, last_ms, viewers] as const,
    ),
    messages,
    bytes,
    total: new Set(totals).size === 1 ? totals[0] : undefined,
  };
  process.send?.(report);
});

async function watchAll({ address, page, viewers }: Wish): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (next < viewers) await watch(address, page, next++);
    }),
  );
  process.send?.("watching");
}

/** Resolves once the page is watched. */
function watch(address: string, page: string, viewer: number): Promise<void> {
  const { hostname, port, host } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on("error", reject);
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
    );
    let left: Buffer = Buffer.alloc(0);
    let upgraded = false;
    socket.on("data", (bytes) => {
      left = left.length === 0 ? bytes : Buffer.concat([left, bytes]);
      if (!upgraded) {
        const end = left.indexOf("\r\n\r\n");
        if (end === -1) return;
        upgraded = true;
        left = left.subarray(end + 4);
      }
      for (let frame = takeFrame(left); frame !== undefined; frame = takeFrame(left)) {
        left = frame.rest;
        hear(frame.text);
      }
    });
    const hear = (text: string): void => {
      if (text.startsWith("0")) send(socket, '40{"site":"default"}');
      else if (text === "2") send(socket, "3");
      else if (text.startsWith("40")) send(socket, `420["watch",${JSON.stringify({ pages: [page] })}]`);
      else if (text.startsWith("430")) {
        totals[viewer] = Number(/"total":(\d+)/.exec(text)?.[1]);
        resolve();
      } else if (text.startsWith('42["counts"')) count(text, viewer);
    };
  });
}

function count(text: string, viewer: number): void {
  const now_ms = Date.now();
  messages++;
  bytes += text.length;
  const rev = Number(/"rev":(\d+)/.exec(text)?.[1]);
  totals[viewer] = Number(/"total":(\d+)/.exec(text)?.[1]);
  const known = updates.get(rev);
  if (known === undefined) updates.set(rev, [now_ms, now_ms, 1]);
  else {
    known[1] = now_ms;
    known[2]++;
  }
}

/** The first whole frame: what a server sends is not masked, and all of this is shorter than 64 kB. */
function takeFrame(bytes: Buffer): { readonly text: string; readonly rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const head = short === 126 ? 4 : 2;
  if (bytes.length < head) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < head + length) return undefined;
  return { text: bytes.toString("utf8", head, head + length), rest: bytes.subarray(head + length) };
}

/** A text frame with a mask of zeros, which leaves the text as it is. */
function send(socket: Socket, text: string): void {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(bytes.length < 126 ? 6 : 8);
  head[0] = 0x81;
  head[1] = 0x80 | Math.min(bytes.length, 126);
  if (bytes.length >= 126) head.writeUInt16BE(bytes.length, 2);
  socket.write(Buffer.concat([head, bytes]));
}
