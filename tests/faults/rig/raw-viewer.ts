/** A viewer that costs little: a TCP connection with as much of WebSocket (RFC 6455) and socket.io as it takes to watch pages. */
import { connect, type Socket } from "node:net";
import type { ViewerCrowd } from "./begin-viewer-process.ts";

/** One for all: it guards against caches in between, of which there are none here. */
const KEY = Buffer.from("sixteen bytes 16").toString("base64");

/** After a refused `watch`. */
const RETRY_MS = 500;

/** What comes in is read into it, whichever viewer it is for: ten thousand need no buffers of their own. */
const READ_INTO = Buffer.alloc(65_536);

/**
 * Resolves once the pages are watched and counts told of at least this revision; rejects when the connection ends before.
 * @param rev of one of the pages, where it matters how new counts are
 */
export function openRawViewer(port: number, pages: readonly string[], rev = 0): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let hear = (_heard: string): void => {};
    const socket = connect({
      port,
      host: "127.0.0.1",
      onread: {
        buffer: READ_INTO,
        callback: (length) => {
          hear(READ_INTO.toString("latin1", 0, length));
          return true;
        },
      },
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection ended")));
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`,
    );
    // Each is sent once, after what it answers.
    let greeted = false;
    let watches = false;
    let heard = "";
    hear = (more) => {
      heard += more;
      if (/^HTTP\/1.1 (?!101)/.test(heard)) socket.destroy();
      else if (!greeted && heard.includes('0{"sid"')) {
        greeted = true;
        heard = "";
        sendText(socket, `40${JSON.stringify({ site: "default", pages })}`);
      } else if (watches || /(?:42\["watched",|430\[)\{"ok":true/.test(heard)) {
        watches = true;
        if (tellsRevision(heard, rev)) {
          hear = () => {};
          resolve(socket);
        }
      } else if (/(?:42\["watched",|430\[)\{"ok":false/.test(heard)) {
        heard = "";
        // As the client library does.
        setTimeout(() => sendText(socket, `420["watch",${JSON.stringify({ pages })}]`), RETRY_MS);
      }
      // News may come in one piece with an answer, so it is looked for first.
      heard = heard.slice(-2_000);
    };
  });
}

/** Whether counts were told that are as new as `rev`. */
function tellsRevision(heard: string, rev: number): boolean {
  return [...heard.matchAll(/"rev":(\d+)/g)].some(([, told]) => Number(told) >= rev);
}

/** A text frame with a mask of zeros, which leaves the text as it is. */
function sendText(socket: Socket, text: string): void {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(bytes.length < 126 ? 6 : 8);
  head[0] = 0x81;
  head[1] = 0x80 | Math.min(bytes.length, 126);
  if (bytes.length >= 126) head.writeUInt16BE(bytes.length, 2);
  socket.write(Buffer.concat([head, bytes]));
}

/**
 * Opens `count` viewers, `HANDSHAKES_MAX` at a time, spread over `ports` in turn, as a balancer would; resolves when all of them watch
 * at once. One whose connection fails, or ends while others are opened, is opened again, at the next port.
 */
export async function openRawViewers({ ports, pages, count, rev }: ViewerCrowd): Promise<readonly Socket[]> {
  let sockets: Socket[] = [];
  let left = 0;
  let turn = 0;
  const open = async (): Promise<void> => {
    while (left-- > 0) {
      for (let socket: Socket | undefined; socket === undefined; ) {
        socket = await openRawViewer(ports[turn++ % ports.length] ?? 0, pages, rev).catch(() => undefined);
        if (socket !== undefined) sockets.push(socket.on("error", () => {}));
      }
    }
  };
  while (sockets.length < count) {
    left = count - sockets.length;
    await Promise.all(Array.from({ length: HANDSHAKES_MAX }, open));
    sockets = sockets.filter(({ destroyed }) => !destroyed);
  }
  return sockets;
}

/**
 * Handshakes under way at once. A storm is so bounded where it begins, as one of browsers is by a balancer and by their own pauses:
 * ten thousand never knock at the same moment. When they do, votes over sockets wait behind all of them.
 */
export const HANDSHAKES_MAX = 400;
