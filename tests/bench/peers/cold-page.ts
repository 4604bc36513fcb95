/** What a reader's browser, which never saw the site, fetches for the reactions alone until all is shown and quiet. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { startChromium } from "../../support/chromium.ts";
import { format } from "../rows.ts";
import { npmStart } from "./npm-start.ts";
import type { Measured } from "./results.ts";
import type { Way } from "./ways.ts";

const PATH = "/article";
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css" };

const ourTag = (service: string): string =>
  `<script type="module" src="${service}/widget.js"></script><reader-reactions page="${PATH}"></reader-reactions>`;

/** As its documentation shows it: reactions on; search, which asks a server elsewhere, off. */
const walineTag = (
  service: string,
): string => `<link rel="stylesheet" href="/waline.css"><div id="waline"></div>
<script type="module">
import { init } from "/waline.js";
init({ el: "#waline", serverURL: "${service}", path: "${PATH}", reaction: true, search: false, emoji: false });
</script>`;

/** @param peer Waline, and the folder of its client */
export async function measureColdPage(peer: readonly [Way, string] | undefined): Promise<Measured> {
  const browser = await startChromium();
  try {
    const mine = await coldPage(browser, npmStart, ourTag);
    const rows = [rowOf("this service", mine)];
    let reached = {};
    if (peer !== undefined) {
      const [way, folder] = peer;
      const theirs = await coldPage(
        browser,
        way,
        walineTag,
        join(folder, "node_modules/@waline/client/dist"),
      );
      rows.push(rowOf("Waline's client", theirs));
      const note = `${format(mine.bytes)} against ${format(theirs.bytes)} bytes`;
      reached = { cold: { figure: mine.bytes / theirs.bytes, spread: note } };
    }
    return {
      title: "A cold page",
      text: "Chromium with an empty cache opens a page that holds nothing else; bytes over the network with heads and bodies, brotli on both sides, until two seconds pass without a request. The page itself is not counted. Requests that fail, as for Waline's icons, which come from elsewhere, count as requests without bytes.",
      tables: [[["", "bytes", "requests", "of them failed"], ...rows]],
      reached,
    };
  } finally {
    await browser.close();
  }
}

interface Cold {
  readonly bytes: number;
  readonly requests: number;
  readonly failed: number;
}

const rowOf = (name: string, { bytes, requests, failed }: Cold): string[] => [
  name,
  bytes.toLocaleString("en"),
  String(requests),
  String(failed),
];

async function coldPage(
  browser: Browser,
  way: Way,
  tag: (service: string) => string,
  folder?: string,
): Promise<Cold> {
  const running = await way.begin([PATH]);
  const site = createServer((request, response) => {
    const type = TYPES[extname(request.url ?? "")];
    const page = `<!doctype html><meta charset="utf-8"><title>Cold</title><link rel="icon" href="data:,">${tag(running.address)}`;
    const body =
      type === undefined || folder === undefined ? page : readFileSync(join(folder, request.url ?? ""));
    response.setHeader("content-type", type ?? "text/html");
    response.setHeader("content-encoding", "br");
    response.end(brotliCompressSync(body));
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const documents = new Set<string>();
    let [bytes, requests, failed] = [0, 0, 0];
    let last_ms = performance.now();
    session.on("Network.requestWillBeSent", ({ requestId, type, request }) => {
      if (request.url.startsWith("data:")) return;
      if (type === "Document") documents.add(requestId);
      else requests++;
      last_ms = performance.now();
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (!documents.has(requestId)) bytes += encodedDataLength;
      last_ms = performance.now();
    });
    session.on("Network.loadingFailed", () => {
      failed++;
      last_ms = performance.now();
    });
    session.on("Network.webSocketFrameReceived", ({ response }) => {
      bytes += response.payloadData.length;
    });
    session.on("Network.webSocketCreated", () => {
      requests++;
      last_ms = performance.now();
    });
    const { port } = site.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/`);
    while (performance.now() - last_ms < 2_000) await page.waitForTimeout(100);
    return { bytes, requests, failed };
  } finally {
    await context.close();
    site.close();
    site.closeAllConnections();
    await running.end();
  }
}
