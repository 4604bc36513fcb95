/** A receiver of webhooks: a real server that keeps what it is sent. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import { listen } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  /** As in `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly received: readonly Received[];
  stop(): Promise<void>;
}

/** @param answer tells the status; undefined: nothing is ever answered */
export async function startReceiver(answer: (received: Received) => number | undefined): Promise<Receiver> {
  const lifecycle = new Lifecycle();
  const all: Received[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const received = {
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(parts).toString(),
    };
    all.push(received);
    const status = answer(received);
    if (status !== undefined) response.writeHead(status, { location: "/moved" }).end("{}");
  });
  const url = await listen(server, "127.0.0.1", 0, lifecycle);
  return { url, received: all, stop: () => lifecycle.stop() };
}
