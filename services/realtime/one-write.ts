/**
 * What a connection is told at its start leaves in one write: every write is a call to the system and wakes the other side, and
 * of what it took to let ten thousand viewers in, two fifths were that.
 */
import type { Duplex } from "node:stream";
import type { Socket } from "socket.io";

/** What is written to `stream` while the event loop runs what it is at. */
export function writeAtOnce(stream: Duplex): void {
  stream.cork();
  setImmediate(() => stream.uncork());
}

/**
 * The packets that are sent on a connection meanwhile. engine.io hands its transport one packet, and the next ones when that is
 * written; a transport that cannot take any yet gets all of them together.
 */
export function sendAtOnce({ transport, request }: Pick<Socket["conn"], "transport" | "request">): void {
  if (!transport.writable) return;
  transport.writable = false;
  setImmediate(() => {
    request.socket.cork();
    transport.writable = true;
    transport.emit("ready");
    request.socket.uncork();
  });
}
