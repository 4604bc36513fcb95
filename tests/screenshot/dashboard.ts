/** Pictures of every view of the dashboard, light and dark, on a phone and on a desk: `screenshots/dashboard-*.png`. */
import { setTimeout as pause } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { enterDashboard } from "../support/enter-dashboard.ts";
import { castWave, openReaders } from "../support/newsroom.ts";
import { until } from "../support/reader.ts";

/** Views by name: where they are, and what must be there before the picture is taken. */
const VIEWS: readonly (readonly [name: string, hash: string, ready: string])[] = [
  ["now", "#/now", ".hot-list li"],
  ["page", "#/page?page=ferry", ".sources li"],
  ["alerts", "#/alerts", ".alert"],
  ["audit", "#/audit", ".audit li"],
  ["system", "#/system", ".chart"],
];

/** Votes before the pictures, and before the chart begins. */
const WAVES = 80;
const WAVES_BEFORE = 14;
const WAVE_MS = 500;

/** @param folder where the pictures go */
export async function photographDashboard(
  browser: Browser,
  { url, site, token }: { readonly url: string; readonly site: string; readonly token: string },
  folder: string,
): Promise<void> {
  const closeReaders = openReaders(url, site);
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}/dashboard?site=${site}`);
    await page.locator("input[name=token]").waitFor();
    await page.screenshot({ path: `${folder}/dashboard-sign-in-${colorScheme}.png` });
    await enterDashboard(page, url, site, token);
    await page.locator(".badge-live").waitFor();
    // A chart of what happens now needs some of it, and the past that was just put in is not now.
    for (let wave = 0; wave < WAVES; wave++) {
      if (wave === WAVES_BEFORE) await page.reload();
      await castWave(url, site, wave);
      await pause(WAVE_MS);
    }
    for (const [name, hash, ready] of VIEWS) {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
        await page.locator(ready).first().waitFor();
        await page.waitForLoadState("networkidle");
        await until("an end of all motion", () =>
          page.evaluate<boolean>(
            "document.getAnimations().every(({ playState }) => playState !== 'running')",
          ),
        );
        // A screen of it is enough for the README.
        if (name === "now" && width === 1440 && colorScheme === "light")
          await page.screenshot({ path: `${folder}/dashboard.png` });
        await page.screenshot({
          path: `${folder}/dashboard-${name}-${width}-${colorScheme}.png`,
          fullPage: true,
        });
      }
    }
    await page.close();
  }
  closeReaders();
}
