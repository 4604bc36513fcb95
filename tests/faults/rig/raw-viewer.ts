/** A viewer that costs little: a TCP connection with as much of WebSocket (RFC 6455) and socket.io as it takes to watch pages. */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

/** After a refused `watch`. */
const RETRY_MS = 500;

/** Resolves once the pages are watched and their counts told; rejects when the connection ends before. */
export function openRawViewer(port: number, pages: readonly string[]): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection ended")));
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
    );
    const watch = `420["watch",${JSON.stringify({ pages })}]`;
    // The three answers come one after the other, each only after what was sent for the one before.
    let heard = "";
    const steps = [
      { of: '0{"sid"', send: '40{"site":"default"}' },
      { of: '40{"sid"', send: watch },
    ];
    const [watched, refused] = ['430[{"ok":true', '430[{"ok":false'];
    socket.on("data", (bytes) => {
      heard = (heard + bytes.toString("latin1")).slice(-2_000);
      const step = steps[0];
      if (/^HTTP\/1.1 (?!101)/.test(heard)) socket.destroy();
      else if (step !== undefined && heard.includes(step.of)) {
        steps.shift();
        heard = "";
        sendText(socket, step.send);
      } else if (heard.includes(watched)) {
        socket.removeAllListeners("data");
        resolve(socket);
      } else if (heard.includes(refused)) {
        heard = "";
        // As the client library does.
        setTimeout(() => sendText(socket, watch), RETRY_MS);
      }
    });
  });
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
 * Opens `count` viewers, some at a time, spread over `ports` in turn, as a balancer would; resolves when all watch. One whose
 * connection fails is opened again, at the next port.
 */
export async function openRawViewers(
  ports: readonly number[],
  pages: readonly string[],
  count: number,
): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  let left = count;
  let turn = 0;
  const open = async (): Promise<void> => {
    while (left-- > 0) {
      for (let socket: Socket | undefined; socket === undefined; ) {
        socket = await openRawViewer(ports[turn++ % ports.length] ?? 0, pages).catch(() => undefined);
        if (socket !== undefined) sockets.push(socket.on("error", () => {}));
      }
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, open));
  return sockets;
}

/** Handshakes under way at once: more would only wait in the system's own queue. */
const TOGETHER = 200;
