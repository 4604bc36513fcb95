/**
 * `npm run bench:puzzle`: how long a new voter's puzzle takes in Chromium, with the widget's own code in its worker. Each level at
 * its hardest, nine times; and with one round a try, which is what the tries cost beside the deriving. Once as fast as this
 * machine is, and once four times slower, as a phone may be: the CPU throttling of Chromium's own tools slows the page's main thread
 * and neither its worker nor the threads that derive, so here the whole renderer stands still three quarters of the time.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import type { Browser, Page } from "playwright-core";
import { ROUNDS, TRIES_MAX } from "../../shared/votes/puzzle-level.ts";
import { startChromium } from "../support/chromium.ts";

const ASSETS = fileURLToPath(new URL("../../dist/services/widget/public/assets/", import.meta.url));
/** Nobody is asked: the route answers. WebCrypto is there on this origin only, and on HTTPS. */
const ADDRESS = "http://localhost/";
const TIMES = 9;
const SLOWER = 4;
const SLICE_MS = 5;

const browser = await startChromium();
try {
  const page = await open(browser);
  const renderers = await renderersOf(browser);
  const rows: object[] = [];
  for (const level of [1, 2, 3] as const) {
    const tries = TRIES_MAX[level];
    const fast_ms = await median(page, tries, ROUNDS);
    const throttled = await page.context().newCDPSession(page);
    await throttled.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const throttled_ms = await median(page, tries, ROUNDS);
    await throttled.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    const overhead_ms = await median(page, tries, 1);
    const slow_ms = await slowly(renderers, () => median(page, tries, ROUNDS));
    rows.push({
      level,
      tries,
      ms: Math.round(fast_ms),
      "ms, one round a try": Math.round(overhead_ms),
      "ms, main thread throttled": Math.round(throttled_ms),
      "ms, all 4 times slower": Math.round(slow_ms),
    });
  }
  console.table(rows);
} finally {
  await browser.close();
}

/** A page that has the widget's solver. */
async function open(from: Browser): Promise<Page> {
  const file = readdirSync(ASSETS).find((name) => /^solve-puzzle-.*\.js$/.test(name));
  if (file === undefined) throw new Error("npm run build first");
  const solver = readFileSync(`${ASSETS}${file}`, "utf8");
  const page = await from.newPage();
  await page.route(`${ADDRESS}**`, (route) =>
    route.request().url() === ADDRESS
      ? route.fulfill({ contentType: "text/html", body: "<!doctype html><title>puzzle</title>" })
      : route.fulfill({ contentType: "text/javascript", body: solver }),
  );
  await page.goto(ADDRESS);
  return page;
}

/** The processes whose threads run pages and workers. */
async function renderersOf(from: Browser): Promise<readonly number[]> {
  const session = await from.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

/** The median of some puzzles whose solution is the last try, ms. */
async function median(page: Page, tries: number, cost: number): Promise<number> {
  const took_ms: number[] = [];
  for (let n = 0; n < TIMES; n++) {
    const challenge = await createChallenge({
      algorithm: "PBKDF2/SHA-256",
      cost,
      counter: tries - 1,
      deriveKey,
      data: { site: "default", until: Date.now() + 3_600_000 },
      hmacSignatureSecret: "of the bench",
      hmacKeySignatureSecret: "of the bench, too",
    });
    took_ms.push(await solve(page, challenge));
  }
  return took_ms.sort((one, two) => one - two)[Math.floor(TIMES / 2)] ?? Number.NaN;
}

/** Until the solution is there, from the refusal on: as the widget does it, the worker's start included. */
async function solve(page: Page, puzzle: object): Promise<number> {
  return await page.evaluate(async (asked) => {
    const address = "/solve-puzzle.js";
    const { askWithSolution } = await import(address);
    const began_ms = performance.now();
    await askWithSolution(async () => ({}), Object.assign(new Error("asked"), { cause: { puzzle: asked } }));
    return performance.now() - began_ms;
  }, puzzle);
}

/** While it runs these processes stand still for all but one slice of `SLOWER`. */
async function slowly<Value>(processes: readonly number[], run: () => Promise<Value>): Promise<Value> {
  const signal = (name: "SIGSTOP" | "SIGCONT"): void => {
    for (const pid of processes) process.kill(pid, name);
  };
  let slice = 0;
  const timer = setInterval(() => signal(slice++ % SLOWER === 0 ? "SIGCONT" : "SIGSTOP"), SLICE_MS);
  try {
    return await run();
  } finally {
    clearInterval(timer);
    signal("SIGCONT");
  }
}
