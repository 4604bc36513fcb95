/**
 * One message to everybody in a room, written as few bytes at a time and with as little ado as it takes: a process spends
 * most of its time here. socket.io's own `to(room).emit` hands each socket the frame in two parts, collects who got it in a
 * set, and asks each for its listeners; ten thousand viewers notice.
 */
import type { Namespace } from "socket.io";

/** What socket.io calls an event, in the main namespace (socket.io-protocol, "packet encoding"). */
const EVENT = "2";

/** What engine.io calls a message (engine.io-protocol, "packet types"). */
const MESSAGE = "4";

/** The namespace's part that is needed here; `/` only, whose packets do not name it. */
type Rooms = Pick<Namespace, "sockets"> & { readonly adapter: Pick<Namespace["adapter"], "rooms"> };

/** Sends `[event, payload]` to all sockets of `room`. */
export function sendToRoom({ adapter, sockets }: Rooms, room: string, event: string, payload: object): void {
  const packet = EVENT + JSON.stringify([event, payload]);
  const frame = textFrame(MESSAGE + packet);
  // engine.io writes the frame as it is where it can, and otherwise encodes the packet itself.
  const options = { compress: false, wsPreEncodedFrame: [frame] };
  for (const id of adapter.rooms.get(room) ?? []) {
    const connection = sockets.get(id)?.conn;
    if (connection === undefined) continue;
    const { readyState, transport, request } = connection;
    // Where nothing waits to be written, straight to the wire: whole frames are all that anybody writes there.
    if (readyState === "open" && transport.writable && request.socket.writableLength === 0)
      request.socket.write(frame);
    else connection.send(packet, options);
  }
}

/** A whole text message in one frame, unmasked, as servers send it (RFC 6455, section 5.2). */
function textFrame(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81]), payloadLength(body.length), body]);
}

function payloadLength(length: number): Buffer {
  if (length < 126) return Buffer.from([length]);
  const bytes = Buffer.alloc(length < 65_536 ? 3 : 9);
  bytes[0] = length < 65_536 ? 126 : 127;
  if (length < 65_536) bytes.writeUInt16BE(length, 1);
  else bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}
