/**
 * `npm run screenshot`: takes the README's pictures from the running service, docs/demo.png and docs/dashboard.png, and one of
 * every view of the dashboard, into `screenshots`.
 */
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startChromium } from "../support/chromium.ts";
import { ADMIN_TOKEN } from "../support/moderator.ts";
import { fillNewsroom } from "../support/newsroom.ts";
import { newVoter, tallied, until } from "../support/reader.ts";
import { startService } from "../support/start-service.ts";
import { startTestRedis } from "../support/test-redis.ts";
import { photographDashboard } from "./dashboard.ts";

const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));
const PICTURES = fileURLToPath(new URL("../../screenshots/", import.meta.url));

/** Readers of each story, and how they took it. */
const VOTES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "the-last-ferry": { great: 31, sad: 44, angry: 6, recommend: 19 },
  "the-night-baker": { great: 58, recommend: 27 },
  "rain-in-the-library": { great: 34, sad: 12, recommend: 21 },
  "the-clock-that-lies": { great: 17, angry: 23 },
  "bees-on-line-four": { great: 29 },
  "a-school-of-nine": { recommend: 14 },
};

const redis = await startTestRedis();
const service = await startService(redis.url, { SITES_FILE: "", ADMIN_TOKEN });
const browser = await startChromium();
try {
  for (const [page, reactions] of Object.entries(VOTES)) {
    const votes = Object.entries(reactions).flatMap(([reaction, count]) =>
      Array.from({ length: count }, async () =>
        tallied(service.url, { page, reaction, voter: await newVoter(service.url) }),
      ),
    );
    await Promise.all(votes);
  }
  const page = await browser.newPage({ viewport: { width: 1240, height: 860 }, colorScheme: "light" });
  await page.goto(`${service.url}/`);
  await page.locator("hot-pages li").nth(5).waitFor();
  await page.frameLocator("#second").locator('[data-reaction="sad"]').click();
  await page.locator('article [data-reaction="recommend"]').first().click();
  const pressed = page.locator('article [data-reaction="recommend"][aria-pressed="true"]', { hasText: "20" });
  await pressed.first().waitFor();
  await page.locator('article [data-reaction="sad"]', { hasText: "45" }).first().waitFor();
  await page.mouse.move(5, 600);
  await page.evaluate("document.activeElement?.blur()");
  await until("an end of all motion", () =>
    page.evaluate<boolean>("document.getAnimations().every(({ playState }) => playState !== 'running')"),
  );
  // An address that means something to whoever sees the picture.
  await page.evaluate(
    "curl.textContent = curl.textContent.replace(location.origin, 'http://127.0.0.1:3000')",
  );
  mkdirSync(DOCS, { recursive: true });
  await page.screenshot({ path: `${DOCS}demo.png` });
  await page.close();

  await fillNewsroom(service.url, "default");
  await photographDashboard(browser, { url: service.url, site: "default", token: ADMIN_TOKEN }, PICTURES);
  copyFileSync(`${PICTURES}dashboard.png`, `${DOCS}dashboard.png`);
} finally {
  await browser.close();
  await service.stop();
  await redis.stop();
}
