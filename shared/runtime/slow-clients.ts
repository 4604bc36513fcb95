/**
 * Ends connections of clients that only hold them: whose request does not end, before its answer or after it, and who take nothing
 * of their answer.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Refusal } from "../contract/problems.ts";
import { problemAnswer, send } from "./send-problem.ts";

/** How long clients may take, in milliseconds. Each is looked at now and then: `look_ms` may come to it. */
export interface Patience {
  /** From a connection's first byte to the end of the headers. */
  readonly headers_ms: number;
  /** From there to the end of the body. */
  readonly body_ms: number;
  /** From the answer to the end of a body that nobody reads: whoever is still sending should read the answer first. */
  readonly unread_ms: number;
  /** Without taking a byte of what was sent. */
  readonly stuck_ms: number;
  /** Between one look at all connections and the next. */
  readonly look_ms: number;
}

/** A request with a body, from its headers to its end or that of its answer, whichever is later. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly since_ms: number;
  answered_ms: number | undefined;
}

const unhurried = new WeakSet<IncomingMessage>();

/** Lets the body of `request` arrive as slowly as Node's `requestTimeout` says. */
export function letTakeLong(request: IncomingMessage): void {
  unhurried.add(request);
}

/** Begins to watch the server's clients. Call it once all other listeners for requests are there: it must hear of each. */
export function endSlowClients(server: Server, { body_ms, unread_ms, stuck_ms, look_ms }: Patience): void {
  const exchanges = new Set<Exchange>();
  // Node ends idle connections after this, and asks whoever has an answer under way.
  server.timeout = stuck_ms;

  const watch = (request: IncomingMessage, response: ServerResponse): void => {
    response.on("timeout", endIfStuck);
    if (!hasBody(request)) return;
    const exchange: Exchange = { request, response, since_ms: performance.now(), answered_ms: undefined };
    exchanges.add(exchange);
    response.once("close", () => {
      if (request.complete || request.socket.destroyed) exchanges.delete(exchange);
      else exchange.answered_ms = performance.now();
    });
  };
  server.prependListener("request", watch);
  server.prependListener("checkExpectation", watch);

  const look = (exchange: Exchange, now_ms: number): void => {
    const { request, response, since_ms, answered_ms } = exchange;
    if (answered_ms !== undefined) {
      if (request.complete || request.socket.destroyed) exchanges.delete(exchange);
      else if (now_ms - answered_ms > unread_ms) request.socket.destroy();
    } else if (!request.complete && now_ms - since_ms > body_ms && !unhurried.has(request)) {
      // When an answer has begun this ends the connection.
      if (!response.writableEnded) send(response, problemAnswer(new Refusal("request_too_slow")));
    }
  };
  const looks = setInterval(() => {
    const now_ms = performance.now();
    for (const exchange of exchanges) look(exchange, now_ms);
  }, look_ms).unref();
  server.once("close", () => clearInterval(looks));
}

function hasBody({ headers }: IncomingMessage): boolean {
  const { "content-length": length = "0", "transfer-encoding": encoding } = headers;
  return length !== "0" || encoding !== undefined;
}

/** An answer that is still being made has written nothing, and may take its time. */
function endIfStuck(this: ServerResponse): void {
  if (this.writableLength > 0) this.destroy();
}
