import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { axeViolations } from "../support/axe-violations.ts";
import { chromiumBinary, startChromium } from "../support/chromium.ts";
import { countsOf, freshPage, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

describe.runIf(chromiumBinary !== undefined)("the demo page", () => {
  let service: TestService;
  let browser: Browser;
  beforeAll(async () => {
    service = await startService(inject("redisUrl"), { SITES_FILE: "" });
    browser = await startChromium();
    await tallied(service.url, { page: "the-night-baker", reaction: "great" });
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  async function open(path: string, options: object = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    await page.goto(`${service.url}${path}`);
    await page.locator('.reactions [data-reaction="great"]').waitFor();
    return page;
  }

  it("C23: a second reader beside the story has a voter of their own, and both views move", async () => {
    const name = freshPage();
    const page = await open(`/?page=${name}`);
    const other = page.frameLocator("#second");
    const voted = (total: number) =>
      until(`${total} votes`, async () => (await countsOf(service.url, name)).total === total);
    await page.locator('.reactions [data-reaction="great"]').click();
    await voted(1);
    // A bar out of sight follows nothing, and the press may have scrolled this one away.
    await page.locator("#second").scrollIntoViewIfNeeded();
    await other.locator('[data-reaction="great"][aria-pressed="false"]', { hasText: "1" }).waitFor();
    await other.locator('[data-reaction="great"]').click();
    await voted(2);
    // Three views of one page: above the story, below it, and in the frame.
    const shown = page.locator('article [data-reaction="great"][aria-pressed="true"]', { hasText: "2" });
    await until("both bars", async () => (await shown.count()) === 2);
    expect(await page.context().cookies()).toEqual([]);
  });

  it("C23: lists its stories, and tells each of them", async () => {
    const page = await open("/");
    await page.locator("hot-pages").scrollIntoViewIfNeeded();
    await page.locator("hot-pages [part=link]", { hasText: "baker" }).click();
    await page.locator("h1", { hasText: "baker" }).waitFor();
    expect(page.url()).toBe(`${service.url}/?page=the-night-baker`);
    const discovery = await page.locator('link[type="application/json+oembed"]').getAttribute("href");
    const found: unknown = await (await fetch(`${service.url}${discovery}`)).json();
    expect(found).toMatchObject({ type: "rich", html: expect.stringContaining("page=the-last-ferry") });
  });

  it("C23: speaks eighteen languages, in their direction, and has two themes", async () => {
    const page = await open(`/?page=${freshPage()}`);
    expect(await page.locator("#lang option").count()).toBe(18);
    await page.locator("#lang").selectOption("ko");
    await page.locator(".reactions", { hasText: "좋아요" }).waitFor();
    await page.frameLocator("#second").getByText("좋아요").first().waitFor();
    await page.locator("#lang").selectOption("ar");
    await page.locator('.reactions reader-reactions[lang="ar"][dir="rtl"]').waitFor();
    const background = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    await page.locator("#theme").selectOption("dark");
    const dark = await background();
    await page.locator("#theme").selectOption("light");
    expect(await background()).not.toBe(dark);
  });

  it.each([
    [360, "light"],
    [360, "dark"],
    [1280, "light"],
    [1280, "dark"],
  ])(
    "S23: has nothing that axe-core finds, fits, and logs no error: %i px, %s",
    async (width, colorScheme) => {
      const page = await open("/", { colorScheme, viewport: { width, height: 800 } });
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await page.reload();
      await page.locator('.reactions [data-reaction="great"]').waitFor();
      await page.locator("hot-pages").scrollIntoViewIfNeeded();
      await page.locator("hot-pages li").first().waitFor();
      await page.locator("#second").scrollIntoViewIfNeeded();
      await page.frameLocator("#second").locator('[data-reaction="great"]').waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `screenshots/demo-${width}-${colorScheme}.png`, fullPage: true });
      expect(await axeViolations(page)).toEqual([]);
      expect(errors).toEqual([]);
    },
  );
});
