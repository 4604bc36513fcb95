import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { axeViolations } from "../support/axe-violations.ts";
import { chromiumBinary, startChromium } from "../support/chromium.ts";
import { ADMIN_TOKEN, freshSite } from "../support/fresh-site.ts";
import { type Publisher, startPublisher } from "../support/publisher.ts";
import { call, freshPage, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

const REFRESH_MS = 10_000;

describe.runIf(chromiumBinary !== undefined)("<hot-pages>", () => {
  const { site, env } = freshSite();
  let service: TestService;
  let browser: Browser;
  let publisher: Publisher;
  beforeAll(async () => {
    service = await startService(inject("redisUrl"), env);
    // A strict page on another origin, with the tag as the address says it.
    publisher = await startPublisher((path) => ({
      html: `<script type="module" src="${service.url}/hot-pages.js"></script>
<hot-pages site="${site}" ${decodeURIComponent(path.slice(2))}></hot-pages><p id="below">Below</p>`,
      headers: {
        "content-security-policy": `script-src ${service.url}; style-src 'none'; connect-src ${service.url}`,
      },
    }));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await publisher.stop();
    await service.stop();
  });

  async function register(pages: readonly { page: string; title: string }[]): Promise<void> {
    const { status } = await call(`${service.url}/v1/sites/${site}/pages`, {
      method: "PUT",
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({
        pages: pages.map((row) => ({ ...row, url: `https://news.example/${row.page}` })),
      }),
    });
    expect(status).toBe(200);
  }

  /** Votes of so many new readers; resolves when the list has them. */
  async function heat(page: string, votes: number, reaction = "great"): Promise<void> {
    const before = await scoreOf(page);
    for (let n = 0; n < votes; n++) await tallied(service.url, { page, reaction }, site);
    await until("heat", async () => Math.round((await scoreOf(page)) - before) === votes);
  }

  async function scoreOf(page: string): Promise<number> {
    const { body } = await call(`${service.url}/v1/sites/${site}/hot?window=week&limit=50&${Math.random()}`);
    return (body.pages as { page: string; score: number }[]).find((row) => row.page === page)?.score ?? 0;
  }

  /** A page of a publisher on another origin, with a clock that stands still unless it is moved. */
  async function open(attributes: string, options: object = {}): Promise<{ page: Page; asked: string[] }> {
    const context = await browser.newContext({ viewport: { width: 800, height: 700 }, ...options });
    const page = await context.newPage();
    await page.clock.install();
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/hot?")) asked.push(request.url());
    });
    await page.addInitScript(
      "const { animate } = Element.prototype; globalThis.moves = 0; Element.prototype.animate = function (...args) { globalThis.moves++; return animate.apply(this, args); };",
    );
    await page.goto(`${publisher.origin}/?${encodeURIComponent(attributes)}`);
    return { page, asked };
  }

  const titles = (page: Page) => page.locator("hot-pages [part=link]").allTextContents();
  const shows = (page: Page, expected: readonly string[]) =>
    until(expected.join(), async () => (await titles(page)).join() === expected.join());

  it("C19: lists what is hot, and moves rows when that changes, but not while a reader points at them", async () => {
    const [one, two] = [freshPage("one"), freshPage("two")];
    await register([
      { page: one, title: "First story" },
      { page: two, title: "Second story" },
    ]);
    await heat(one, 2, "sad");
    await heat(two, 1, "sad");
    const { page } = await open('reaction="sad" window="week" limit="3"');
    await shows(page, ["First story", "Second story"]);
    const below = await page.locator("#below").boundingBox();

    await heat(two, 2, "sad");
    await page.clock.runFor(REFRESH_MS);
    await shows(page, ["Second story", "First story"]);
    expect(await page.evaluate("moves")).toBe(2);

    await page.locator("hot-pages [part=link]").first().hover();
    await heat(one, 3, "sad");
    await page.clock.runFor(REFRESH_MS);
    await page.locator("hot-pages li", { hasText: "5 votes" }).waitFor();
    expect(await titles(page)).toEqual(["Second story", "First story"]);
    await page.mouse.move(790, 690);
    await page.clock.runFor(1_000);
    await shows(page, ["First story", "Second story"]);

    await page.locator("hot-pages [part=link]").first().focus();
    await heat(two, 3, "sad");
    await page.clock.runFor(REFRESH_MS);
    await page.locator("hot-pages li", { hasText: "6 votes" }).waitFor();
    expect(await titles(page)).toEqual(["First story", "Second story"]);
    await page.evaluate("document.activeElement.blur()");
    await page.clock.runFor(1_000);
    await shows(page, ["Second story", "First story"]);
    // Room was kept for three rows from the first moment on.
    expect(await page.locator("#below").boundingBox()).toEqual(below);
  });

  it("C19: rests while nobody sees it, and leaves nothing behind when it goes", async () => {
    const { page, asked } = await open('limit="2"');
    await until("the list", () => asked.length === 1);
    const hide = (hidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event("visibilitychange"))`,
      );
    await hide(true);
    await page.clock.runFor(6 * REFRESH_MS);
    expect(asked).toHaveLength(1);
    await hide(false);
    await until("a fresh list", () => asked.length === 2);
    await page.evaluate("globalThis.gone = document.querySelector('hot-pages'); gone.remove()");
    await page.clock.runFor(6 * REFRESH_MS);
    await hide(false);
    expect(asked).toHaveLength(2);
    await page.evaluate("document.querySelector('main').append(gone)");
    await until("the list again", () => asked.length === 3);
  });

  it("C19: moves without motion when the reader wants none", async () => {
    const [one, two] = [freshPage("calm"), freshPage("quiet")];
    await register([
      { page: one, title: "Calm story" },
      { page: two, title: "Quiet story" },
    ]);
    await heat(one, 1, "recommend");
    const { page } = await open('reaction="recommend" window="hour"', { reducedMotion: "reduce" });
    await shows(page, ["Calm story"]);
    await heat(two, 2, "recommend");
    await page.clock.runFor(REFRESH_MS);
    await shows(page, ["Quiet story", "Calm story"]);
    expect(await page.evaluate("moves")).toBe(0);
  });

  it("S22: shows hostile titles as text, and stays calm without a service or site", async () => {
    const hostile = freshPage("hostile");
    const title = `<img src=x onerror="document.title='broken'">`;
    await register([{ page: hostile, title }]);
    await heat(hostile, 1, "angry");
    const { page } = await open('reaction="angry" window="__proto__" limit="<b>"');
    await shows(page, [title]);
    expect(await page.title()).toBe("News");
    expect(await page.locator("hot-pages img").count()).toBe(0);

    const lost = await open('site="nowhere"');
    await lost.page.evaluate(`document.querySelector("hot-pages").setAttribute("site", "no/where?x=<b>")`);
    await lost.page
      .locator("hot-pages [part=note]", { hasText: "Reactions are not available here." })
      .waitFor();
    await lost.page.evaluate(
      `document.querySelector("hot-pages").setAttribute("endpoint", "http://127.0.0.1:9")`,
    );
    await lost.page
      .locator("hot-pages [part=note]", { hasText: "Reactions cannot be loaded right now." })
      .waitFor();
  });

  it("S23: has nothing that axe-core finds, in either theme", async () => {
    for (const colorScheme of ["light", "dark"]) {
      const { page } = await open('window="week" lang="ko"', { colorScheme });
      await page.locator("hot-pages section[aria-labelledby]", { hasText: "지금 뜨거운 뉴스" }).waitFor();
      await page.locator("hot-pages li").first().waitFor();
      expect(await axeViolations(page)).toEqual([]);
    }
  });
});
