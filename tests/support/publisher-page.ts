/** A publisher's own server on another origin, for tests of the tag: pages are what the test says. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface PublisherPage {
  /** Puts a page at a path and returns its address. */
  put(path: string, body: string, headers?: Readonly<Record<string, string>>): string;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it on a free port. */
export async function startPublisher(): Promise<PublisherPage> {
  const pages = new Map<string, { body: string; headers: Readonly<Record<string, string>> }>();
  const server = createServer((request, response) => {
    const page = pages.get((request.url ?? "").split("?")[0] ?? "");
    response.writeHead(page === undefined ? 404 : 200, {
      "content-type": "text/html; charset=utf-8",
      ...page?.headers,
    });
    response.end(page?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // By name: a page without an id is named by its address, and S8 looks through all of Redis for readers' addresses.
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    put(path, body, headers = {}) {
      pages.set(path, { body, headers });
      return url + path;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
