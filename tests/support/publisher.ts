/** A publisher's web server on an origin of its own: the same machine, another port. */
import { createServer } from "node:http";
import { listen } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";

export interface Publisher {
  /** As in `http://127.0.0.1:40123`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** What is served at a path: the inside of `<main>`, and headers. */
export interface Story {
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves `tell(path and query)` as a page; the caller stops it. */
export async function startPublisher(tell: (path: string) => Story): Promise<Publisher> {
  const lifecycle = new Lifecycle();
  const server = createServer((request, response) => {
    const { html, headers } = tell(request.url ?? "/");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers });
    response.end(
      `<!doctype html><html lang="en"><title>News</title><link rel="icon" href="data:,"><main><h1>News</h1>${html}</main></html>`,
    );
  });
  const origin = await listen(server, "127.0.0.1", 0, lifecycle);
  return { origin, stop: () => lifecycle.stop() };
}
