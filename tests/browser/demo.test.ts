import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { chromiumBinary, startChromium } from "../support/chromium.ts";
import { countsOf, freshPage } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

describe.runIf(chromiumBinary !== undefined)("the demo page", () => {
  let service: TestService;
  let browser: Browser;
  beforeAll(async () => {
    service = await startService(inject("redisUrl"));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  /** A reader with a storage of their own. */
  async function reader(name: string, viewport = { width: 1280, height: 900 }): Promise<Page> {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await page.goto(`${service.url}/?page=${name}`);
    await page.locator('[data-reaction="great"] .count', { hasText: /\d/ }).waitFor();
    return page;
  }

  const shows = (page: Page, reaction: string, count: string, pressed: boolean) =>
    page
      .locator(`[data-reaction="${reaction}"][aria-pressed="${pressed}"] .count`, {
        hasText: new RegExp(`^${count}$`),
      })
      .waitFor();

  it("P1, V1: two readers vote, and both windows move", async () => {
    const name = freshPage();
    const [one, two] = [await reader(name), await reader(name)];
    await one.locator('[data-reaction="great"]').click();
    await shows(one, "great", "1", true);
    await shows(two, "great", "1", false);
    await two.locator('[data-reaction="great"]').click();
    await shows(one, "great", "2", true);
    await two.locator('[data-reaction="sad"]').click();
    await shows(one, "sad", "1", false);
    await shows(one, "great", "1", true);
    await one.reload();
    await shows(one, "great", "1", true);
    await one.locator('[data-reaction="great"]').click();
    await shows(two, "great", "0", false);
    expect((await countsOf(service.url, name)).total).toBe(1);
    for (const page of [one, two]) expect(await page.context().cookies()).toEqual([]);
  });

  it("fits a phone and a desktop, and logs no error", async () => {
    for (const width of [360, 1280]) {
      const page = await reader(freshPage(), { width, height: 900 });
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.reload();
      await page.locator('[data-reaction="great"] .count', { hasText: /\d/ }).waitFor();
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
      await page.screenshot({ path: `screenshots/demo-${width}.png`, fullPage: true });
    }
  });
});
