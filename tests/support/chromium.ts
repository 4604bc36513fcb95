/** A real browser for the tests of pages. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian puts it; CHROMIUM_BIN names another. */
const BINARIES = [
  process.env.CHROMIUM_BIN,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Path of a Chromium, or undefined: then tests of pages are skipped. */
export const chromiumBinary: string | undefined = BINARIES.find(
  (path) => path !== undefined && existsSync(path),
);

if (chromiumBinary === undefined) {
  console.warn("No Chromium: tests of pages are skipped. On Debian: apt-get install chromium");
}

/** Starts it; the caller closes it. */
export async function startChromium(): Promise<Browser> {
  if (chromiumBinary === undefined) throw new Error("there is no Chromium");
  return await chromium.launch({
    executablePath: chromiumBinary,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
