import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Newsroom } from "../../shared/client/newsroom.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { watchSite } from "../../shared/live/watch-site.ts";
import { axeViolations } from "../support/axe-violations.ts";
import { chromiumBinary, startChromium } from "../support/chromium.ts";
import { enterDashboard } from "../support/enter-dashboard.ts";
import { ADMIN_TOKEN, freshSite } from "../support/fresh-site.ts";
import { moderator } from "../support/moderator.ts";
import { fillNewsroom, STORIES } from "../support/newsroom.ts";
import { newVoter, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

/** Breaks out wherever somebody makes HTML of it. */
const HOSTILE = STORIES.find(([page]) => page === "hostile")?.[1] ?? "";

/** Views, and what must be there before one is judged. */
const VIEWS = {
  now: ["#/now", ".hot-list li"],
  page: ["#/page?page=hostile", ".sources li"],
  picker: ["#/page", ".links li"],
  alerts: ["#/alerts", "main h2"],
  audit: ["#/audit", ".audit li"],
  system: ["#/system", ".facts"],
} as const;

/** Those that show all titles, the hostile one too. */
const TITLED: readonly string[] = ["now", "page", "picker", "audit"];

describe.runIf(chromiumBinary !== undefined)("the dashboard's look", () => {
  const { site, env } = freshSite();
  let service: TestService;
  let browser: Browser;
  beforeAll(async () => {
    service = await startService(inject("redisUrl"), env);
    browser = await startChromium();
    await fillNewsroom(service.url, site);
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });

  async function open(options: object = {}, url = service.url): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    await enterDashboard(page, url, site, ADMIN_TOKEN);
    return page;
  }

  async function show(page: Page, view: keyof typeof VIEWS): Promise<void> {
    const [hash, ready] = VIEWS[view];
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.locator(ready).first().waitFor();
  }

  it.each([
    ["light", 1_280],
    ["dark", 390],
  ])(
    "S71, S72: axe-core finds nothing, it fits, nothing hostile breaks out: %s, %i px",
    async (colorScheme, width) => {
      const page = await open({ colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" });
      const wrong: string[] = [];
      page.on("pageerror", (error) => wrong.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") wrong.push(message.text());
      });
      for (const view of Object.keys(VIEWS) as (keyof typeof VIEWS)[]) {
        await show(page, view);
        expect(await axeViolations(page), view).toEqual([]);
        expect(
          await page.evaluate("document.documentElement.scrollWidth - innerWidth"),
          view,
        ).toBeLessThanOrEqual(0);
        expect(await page.locator("img, b:text-is('Bold?')").count(), view).toBe(0);
        if (TITLED.includes(view)) await page.getByText(HOSTILE).first().waitFor();
        expect(await page.title()).not.toBe("broken");
      }
      expect(wrong).toEqual([]);
      await page.context().close();
    },
  );

  it.each([320, 390])("S71: fits while it still connects: %i px", async (width) => {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const page = await context.newPage();
    // A socket that opens and then says nothing.
    await page.routeWebSocket(/socket\.io/, () => {});
    await enterDashboard(page, service.url, site, ADMIN_TOKEN);
    await page.locator(".badge-connecting").waitFor();
    await page.locator(".hot-list li").first().waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    await context.close();
  });

  it("P50: shows what happens while it happens, and filters the hot list", async () => {
    const page = await open();
    await page.locator(".badge-live").waitFor();
    const tile = async (name: string): Promise<string> =>
      (await page.locator(".tile", { hasText: name }).locator(".big").textContent()) ?? "";
    await until("the totals", async () => /^[\d,]+$/.test(await tile("Votes in all")));
    const before = Number((await tile("Votes in all")).replaceAll(",", ""));
    const voters = await Promise.all(Array.from({ length: 5 }, () => newVoter(service.url, site)));
    await Promise.all(
      voters.map((voter) => tallied(service.url, { page: "long", reaction: "sad", voter }, site)),
    );
    await until("five more", async () => {
      return (await tile("Votes in all")) === (before + 5).toLocaleString("en");
    });
    await until("a rate", async () => Number(await tile("Votes a second")) > 0);
    await page.getByRole("img", { name: /^Votes a second, / }).waitFor();
    expect(await page.locator(".hot-list li").count()).toBe(STORIES.length);

    await page.getByLabel("Filter by title").fill("council HARBOUR");
    expect(await page.locator(".hot-list .title").allTextContents()).toEqual([STORIES[1]?.[1]]);
    await page.getByLabel("Filter by title").fill("nothing like it");
    await page.getByText("No title has these words.").waitFor();
    await page.getByLabel("Filter by title").fill("");
    await page.getByLabel("Reaction").selectOption("sad");
    await page.getByRole("button", { name: "Week" }).click();
    await until("what is sad", async () => {
      const titles = await page.locator(".hot-list .title").allTextContents();
      return titles.length > 0 && !titles.some((title) => title.startsWith("Bees"));
    });
    await page.context().close();
  });

  it("P53: says that it is stale when it hears nothing, and catches up by itself", async () => {
    const proxy = await TcpProxy.begin(Number(new URL(service.url).port));
    const page = await open({}, `http://127.0.0.1:${proxy.port}`);
    await page.locator(".badge-live").waitFor();
    await page.locator(".hot-list li").first().waitFor();
    proxy.cut();
    await page.locator(".stale-note", { hasText: "Not connected. What you see is from" }).waitFor();
    await page.locator(".badge-stale").waitFor();
    expect(await page.locator(".hot-list li").count()).toBeGreaterThan(0);
    proxy.mend();
    await page.locator(".badge-live").waitFor();
    expect(await page.locator(".stale-note").count()).toBe(0);
    await page.context().close();
    await proxy.stop();
  });

  it("P55: speaks Korean to whoever does, remembers a choice, and tells times in the viewer's zone", async () => {
    const page = await open({ locale: "ko-KR", timezoneId: "Asia/Seoul" });
    await page.getByRole("link", { name: "감사 기록" }).click();
    const [entry] = await moderator(service.url, site).audit({ limit: 1 });
    const seoul = new Intl.DateTimeFormat("ko", {
      timeZone: "Asia/Seoul",
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).format(entry?.at);
    await page.locator(".audit time", { hasText: seoul }).first().waitFor();
    expect(await page.getAttribute("html", "lang")).toBe("ko");
    await page.getByLabel("언어").selectOption("en");
    await page.getByRole("heading", { name: "Audit" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Audit" }).waitFor();
    await page.context().close();
  });

  it("P56: is used by keys alone, and keys can be switched off", async () => {
    const page = await open();
    await page.locator(".hot-list li").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/page\?page=/);
    await page.keyboard.press("u");
    await page.getByRole("heading", { name: "Audit" }).waitFor();
    const background = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await background();
    await page.keyboard.press("t");
    expect(await background()).not.toBe(light);
    await page.keyboard.press("?");
    await page.locator("dialog kbd", { hasText: "Esc" }).waitFor();
    await page.getByLabel("Shortcuts are on").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await page.keyboard.press("?");
    await page.locator("dialog").waitFor();
    await page.getByRole("heading", { name: "Audit", includeHidden: true }).waitFor();
    await page.context().close();
  });

  it("P57: on a wall it turns by itself and offers nothing to press", async () => {
    const context = await browser.newContext({ viewport: { width: 1_920, height: 1_080 } });
    const page = await context.newPage();
    await page.clock.install();
    await enterDashboard(page, service.url, `${site}&wall`, ADMIN_TOKEN);
    await page.locator(".wall .hot-list li").first().waitFor();
    await page.locator(".badge-live").waitFor();
    expect(await page.locator("nav").isVisible()).toBe(false);
    const views: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      await page.clock.runFor(20_000);
      views.push((await page.evaluate<string>("location.hash")).replace(/\?.*/, ""));
    }
    expect(views).toEqual(["#/page", "#/page", "#/page", "#/alerts", "#/now"]);
    await context.close();
  });

  it("P58: an alert says why and leads to the page around that minute", async () => {
    for (let reader = 0; reader < 40; reader++)
      await tallied(service.url, { page: "hostile", reaction: "sad" }, site);
    // The worker looks every 15 s; this is the same look, now.
    const { redis, lifecycle } = openTestRedis();
    await watchSite(redis, { id: site, reactions: DEFAULT_REACTIONS }, Date.now());
    await lifecycle.stop();
    const [newest] = await new Newsroom({ endpoint: service.url, site, token: ADMIN_TOKEN }).alerts();
    const page = await open();
    await page.evaluate('location.hash = "#/alerts"');
    const alert = page.locator(".alert").first();
    await alert.waitFor();
    await page
      .getByText(/votes within \d+ minutes?; \d+ is usual on this page\./)
      .first()
      .waitFor();
    const title = (await alert.locator(".title").textContent()) ?? "";
    expect(title).toBe(newest?.title);
    await alert.locator(".title").click();
    await page.locator("h1", { hasText: title }).waitFor();
    const [, from, to] = /from=(\d+)&to=(\d+)/.exec(page.url()) ?? [];
    const minute = newest?.at ?? 0;
    expect(Number(from)).toBeLessThan(minute);
    expect(Number(to)).toBeGreaterThanOrEqual(minute - 60_000);
    await page.getByRole("img", { name: "Votes over time" }).waitFor();
    await page.context().close();
  });
});
