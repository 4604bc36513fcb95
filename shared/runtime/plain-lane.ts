/**
 * A lane beside Node's HTTP parser: connections whose requests come plain and whole (plain-request.ts) are read and answered
 * here, one request at a time. With the first request that is anything else, the connection goes to Node's parser and stays there,
 * with every byte it sent: slow, broken, pipelined and clever requests are all read in one place only.
 */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Lifecycle } from "./lifecycle.ts";
import { type PlainRequest, readPlainRequest } from "./plain-request.ts";
import { type Answer, sendAnswer } from "./send-answer.ts";

/** Answers a request, or leaves it to Node's parser: undefined. The promise must not reject. */
export type AnswerPlain = (request: PlainRequest, socket: Socket) => Promise<Answer> | undefined;

/** Serves the server's connections; on stop, ends them with their next answer, and idle ones at once. Call it before `drainFirst`. */
export function openPlainLane(server: Server, answer: AnswerPlain, lifecycle: Lifecycle): void {
  // Node's documentation has connections given to a server by its "connection" event; here Node is given what is not plain.
  const toNode = server.listeners("connection");
  server.removeAllListeners("connection");
  const connections = new Set<PlainConnection>();
  const lane: Lane = {
    answer,
    server,
    connections,
    stopping: () => lifecycle.stopping,
    toNode: (socket) => {
      for (const listener of toNode) listener.call(server, socket);
    },
  };
  let open = true;
  server.on("connection", (socket: Socket) => {
    if (open) connections.add(new PlainConnection(lane, socket));
    else lane.toNode(socket);
  });
  lifecycle.onStop("plain requests", () => {
    open = false;
    for (const connection of connections) connection.endIfIdle();
  });
}

interface Lane {
  readonly answer: AnswerPlain;
  readonly server: Server;
  readonly connections: Set<PlainConnection>;
  stopping(): boolean;
  toNode(socket: Socket): void;
}

class PlainConnection {
  readonly #lane: Lane;
  readonly #socket: Socket;
  /** A request is being answered. */
  #busy = false;
  #asked = false;
  /** What came while a request was being answered. */
  #held: Buffer | undefined;
  #ended = false;

  constructor(lane: Lane, socket: Socket) {
    this.#lane = lane;
    this.#socket = socket;
    // As long as Node gives a connection to say something.
    socket.setTimeout(lane.server.headersTimeout);
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("timeout", this.#onTimeout);
    socket.on("error", this.#onError);
    socket.on("close", this.#onClose);
  }

  endIfIdle(): void {
    if (!this.#busy) this.#socket.destroySoon();
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#busy) {
      this.#socket.pause();
      this.#held = bytes;
      return;
    }
    const request = readPlainRequest(bytes);
    const answer = request && this.#lane.answer(request, this.#socket);
    if (answer === undefined) {
      this.#handOver(bytes);
      return;
    }
    if (!this.#asked) this.#socket.setTimeout(this.#lane.server.keepAliveTimeout);
    this.#asked = true;
    this.#busy = true;
    void answer.then(this.#onAnswer);
  };

  readonly #onAnswer = (answer: Answer): void => {
    this.#busy = false;
    const socket = this.#socket;
    if (!socket.writable) return;
    const last = this.#ended || this.#lane.stopping();
    const taken = sendAnswer(socket, answer, last ? undefined : this.#lane.server.keepAliveTimeout);
    if (last) socket.destroySoon();
    else if (this.#held !== undefined) this.#handOver(this.#held);
    else if (!taken) this.#waitForReader();
  };

  /** Whoever does not read our answers may ask for no more of them. */
  #waitForReader(): void {
    this.#socket.pause();
    this.#socket.once("drain", () => this.#socket.resume());
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    socket.off("data", this.#onData);
    socket.off("end", this.#onEnd);
    socket.off("timeout", this.#onTimeout);
    socket.off("error", this.#onError);
    socket.off("close", this.#onClose);
    this.#onClose();
    socket.setTimeout(0);
    socket.pause();
    socket.unshift(bytes);
    this.#lane.toNode(socket);
    // Node's parser listens by then.
    process.nextTick(() => socket.resume());
  }

  /** The other side sends no more; it may still read. */
  readonly #onEnd = (): void => {
    this.#ended = true;
    this.endIfIdle();
  };

  readonly #onTimeout = (): void => {
    if (this.#busy) return;
    // Nothing moved for so long: what was not taken by now would be waited for without end.
    if (this.#asked) this.#socket.destroy();
    else this.#lane.server.emit("clientError", new SilentError(), this.#socket);
  };

  readonly #onError = (): void => {
    this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#lane.connections.delete(this);
  };
}

/** What Node says of a connection that sends no request in time. */
class SilentError extends Error {
  override readonly name = "SilentError";
  readonly code = "ERR_HTTP_REQUEST_TIMEOUT";
}
