/** HTTP servers: limits against slow and oversized requests, and an ending that waits for answers in flight. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type Problem, problem } from "../contract/problems.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { toOriginForm } from "./origin-form.ts";
import { endSlowClients, type Patience } from "./slow-clients.ts";

/** A hundred page ids of the usual length fit into a request line of this size. */
const HEADER_BYTES_MAX = 65_536;

/**
 * Connections that the system may keep until they are taken, one in each turn of the event loop. Node asks for 511; of ten thousand
 * viewers that come at once the system turns away whoever does not fit, to try again a second later, and then three (RFC 6298, section
 * 2: the first timeout). It keeps no more than its own limit says, `net.core.somaxconn`.
 */
const BACKLOG = 65_535;

/** Longer than any balancer keeps an idle connection, or it would reuse one that we are just closing. */
const KEEP_ALIVE_MS = 65_000;

const PATIENCE: Patience = {
  headers_ms: 10_000,
  body_ms: 30_000,
  unread_ms: 2_000,
  stuck_ms: 30_000,
  look_ms: 5_000,
};

/**
 * A server for `listener`; it does not listen yet. Whoever is slower than `patience` allows is ended.
 * @param patience what is left out is as usual
 */
export function openHttpServer(listener: RequestListener, patience: Partial<Patience> = {}): Server {
  const patient = { ...PATIENCE, ...patience };
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: patient.headers_ms,
      // An import may arrive for minutes, as slowly as its votes are tallied; all others are ended sooner.
      requestTimeout: 600_000,
      connectionsCheckingInterval: patient.look_ms,
    },
    listener,
  );
  // Node would refuse other expectations than "100-continue" itself, in words that are not ours; they may be ignored (RFC
  // 9110, 10.1.1).
  server.on("checkExpectation", listener);
  // Before all listeners, those of socket.io too, which takes over whatever is there when it comes.
  server.once("listening", () => {
    endSlowClients(server, patient);
    server.prependListener("request", toOriginForm);
    server.prependListener("checkExpectation", toOriginForm);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, refusal] = answerTo(error.code);
    const body = JSON.stringify(refusal);
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  return server;
}

/** The status line and the problem for a connection that no request can be read from. */
function answerTo(fault: string | undefined): readonly [string, Problem] {
  switch (fault) {
    case "HPE_HEADER_OVERFLOW":
      return ["431 Request Header Fields Too Large", problem("header_too_large")];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return ["408 Request Timeout", problem("request_too_slow")];
    default:
      return [
        "400 Bad Request",
        problem("header_invalid", "This is not an HTTP request that can be understood."),
      ];
  }
}

/**
 * Listens, and closes with the lifecycle.
 * @returns the address, as in `http://127.0.0.1:3000`
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
  lifecycle: Lifecycle,
): Promise<string> {
  closeOnStop(server, lifecycle);
  return await beginToListen(server, host, port);
}

/** Closes with the lifecycle: no new connections, requests in flight are answered, idle connections end. */
export function closeOnStop(server: Server, lifecycle: Lifecycle): void {
  lifecycle.onStop("HTTP server", async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    // Keep-alive connections end after the answer that they wait for.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    const force = setTimeout(() => server.closeAllConnections(), 2_000);
    await closed;
    clearInterval(sweep);
    clearTimeout(force);
  });
}

/**
 * Listens; whoever calls this sees to the closing.
 * @returns the address, as in `http://127.0.0.1:3000`
 */
export async function beginToListen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}

/** A balancer that asks `/readyz` every second has sent its last request here by then. */
const DRAIN_MS = 1_500;

/**
 * On stop, goes on serving for a moment while `/readyz` is red, and ends every connection with its next answer, so that
 * nobody finds a closed door. Call it last: what was opened last is closed first.
 */
export function drainFirst(server: Server, lifecycle: Lifecycle): void {
  server.prependListener("request", (_request, response) => {
    if (lifecycle.stopping) response.shouldKeepAlive = false;
  });
  lifecycle.onStop("drain", () => pause(DRAIN_MS));
}
