/**
 * One text frame of a websocket that carries socket.io: a packet of engine.io, and in most of them one of socket.io.
 * Sources: the protocol documents of engine.io (revision 4) and socket.io (revision 5),
 * https://github.com/socketio/engine.io-protocol and https://github.com/socketio/socket.io-protocol. No binary: the service
 * sends none.
 */

// Engine.io's, which speak of the connection.
export const OPEN = "0";
export const CLOSE = "1";
export const PING = "2";
export const PONG = "3";
// Socket.io's, each within a message (4) of engine.io, which speak of a namespace.
export const CONNECT = "40";
export const DISCONNECT = "41";
export const EVENT = "42";
export const ACK = "43";
export const CONNECT_ERROR = "44";

export interface SocketFrame {
  /** One of the constants above. */
  readonly kind: string;
  /** As in `/live,`; empty for the main namespace and for what speaks of the connection. */
  readonly namespace: string;
  /** Digits: to which event this is the answer; else empty. */
  readonly id: string;
  /** What came as JSON; undefined when nothing did. */
  readonly payload: unknown;
}

const FORM = /^([012]|4[0-4])(\/[^,]*,)?(\d*)(.*)$/s;

/** A frame from outside, whatever it is; undefined when it is none that a client of this service takes. */
export function readFrame(data: unknown): SocketFrame | undefined {
  const [, kind, namespace = "", id = "", json = ""] = FORM.exec(typeof data === "string" ? data : "") ?? [];
  if (kind === undefined) return undefined;
  try {
    return { kind, namespace, id, payload: json === "" ? undefined : JSON.parse(json) };
  } catch {
    return undefined;
  }
}
