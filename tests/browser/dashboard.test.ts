import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { noteHolding } from "../../shared/tallies/holding-pages.ts";
import { HELD } from "../../shared/tallies/record.ts";
import { tallyPage } from "../../shared/tallies/tally-page.ts";
import { axeViolations } from "../support/axe-violations.ts";
import { chromiumBinary, startChromium } from "../support/chromium.ts";
import { enterDashboard } from "../support/enter-dashboard.ts";
import { ADMIN_TOKEN, freshSite } from "../support/fresh-site.ts";
import { moderator } from "../support/moderator.ts";
import { fillNewsroom } from "../support/newsroom.ts";
import { countsOf, newVoter, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";

describe.runIf(chromiumBinary !== undefined)("the dashboard", () => {
  const { site, env } = freshSite();
  const desk = () => moderator(service.url, site);
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

  /** Signed in, at a view. All that the page complains of is kept. */
  async function open(
    hash: string,
    options: object = {},
    token = ADMIN_TOKEN,
  ): Promise<{ page: Page; wrong: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") wrong.push(message.text());
    });
    await enterDashboard(page, service.url, site, token);
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    return { page, wrong };
  }

  const votes = (page: Page, n: number) =>
    page.locator("h2", { hasText: new RegExp(`^${n.toLocaleString("en")} votes?\\b`) }).waitFor();

  describe("the door", () => {
    it("S70: takes a token that the service knows, keeps it in this tab, and puts it into no address", async () => {
      const asked: string[] = [];
      const context = await browser.newContext();
      const page = await context.newPage();
      page.on("request", (request) => asked.push(request.url()));
      page.on("websocket", (socket) => asked.push(socket.url()));
      await enterDashboard(page, service.url, site, ADMIN_TOKEN);
      await page.locator(".badge-live").waitFor();
      await page.reload();
      await page.locator(".badge-live").waitFor();
      expect([...asked, page.url()].filter((url) => url.includes(ADMIN_TOKEN))).toEqual([]);
      expect(asked.some((url) => url.startsWith("ws"))).toBe(true);
      expect(await context.cookies()).toEqual([]);
      const kept = await page.evaluate<[string, string]>(
        "[JSON.stringify(localStorage), JSON.stringify(sessionStorage)]",
      );
      expect(kept[0]).not.toContain(ADMIN_TOKEN);
      expect(kept[1]).toContain(ADMIN_TOKEN);
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.locator("input[name=token]").waitFor();
      expect(await page.evaluate("JSON.stringify(sessionStorage)")).not.toContain(ADMIN_TOKEN);
      await context.close();
    });

    it("S70: says in a sentence why it lets nobody in", async () => {
      const page = await browser.newPage();
      const refused = async (name: string, token: string, sentence: string): Promise<void> => {
        await page.goto(`${service.url}/dashboard?site=${name}`);
        await page.locator("input[name=token]").fill(token);
        await page.locator("button[type=submit]").click();
        await page.locator("[role=alert]", { hasText: sentence }).waitFor();
      };
      await refused(site, "wrong", "This token is not valid.");
      await refused(site, "schlüssel <b>", "This token is not valid.");
      await refused("nowhere", ADMIN_TOKEN, "There is no such site.");
      expect(await axeViolations(page)).toEqual([]);
      await page.close();
    });

    it("S70: shows out whoever's token is revoked", async () => {
      const { token, name } = await desk().createToken({ name: `r-${Date.now()}`, scope: "read", site });
      const { page } = await open("#/audit", {}, token);
      await page.locator(".audit li").first().waitFor();
      await desk().revokeToken(name);
      // The next question tells.
      await page.evaluate('location.hash = "#/page?page=bees"');
      await page.locator("[role=alert]", { hasText: "The token is no longer valid" }).waitFor();
      expect(await page.evaluate("JSON.stringify(sessionStorage)")).not.toContain(token);
      await page.close();
    });
  });

  describe("the page", () => {
    it("P51: shows counts that move, timeline, shares, velocity, sources and orders; a range stands in the address", async () => {
      const { page, wrong } = await open("#/page?page=bees");
      const { total } = await countsOf(service.url, "bees", site);
      await votes(page, Number(total));
      for (const name of ["Votes over time", "Share of each reaction", "Net votes a minute"])
        await page.getByRole("img", { name }).waitFor();
      await page.getByText(/\d+% of \d+ votes came from the largest of \d+ sources/).waitFor();
      await tallied(
        service.url,
        { page: "bees", reaction: "sad", voter: await newVoter(service.url, site) },
        site,
      );
      await votes(page, Number(total) + 1);

      await page.getByRole("button", { name: "24 h" }).click();
      await page.locator('[aria-pressed="true"]', { hasText: "24 h" }).waitFor();
      const box = await page.getByRole("img", { name: "Votes over time" }).locator(".u-over").boundingBox();
      if (box === null) throw new Error("the chart is nowhere");
      await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL(/#\/page\?page=bees&from=\d+&to=\d+$/);
      const [, from, to] = /from=(\d+)&to=(\d+)/.exec(page.url()) ?? [];
      const hours = (Number(to) - Number(from)) / 3_600_000;
      expect(hours).toBeGreaterThan(3);
      expect(hours).toBeLessThan(7);
      await page.goBack();
      await page.locator('[aria-pressed="true"]', { hasText: "24 h" }).waitFor();

      await page.getByLabel("From").fill("2099-01-01T00:00");
      await page.getByRole("button", { name: "Show" }).click();
      await page.locator("[role=alert]", { hasText: "The beginning must be before the end" }).waitFor();
      expect(wrong).toEqual([]);
      await page.close();
    });

    it("P52: every chart is a CSV file and a PNG file", async () => {
      const { page } = await open("#/page?page=baker");
      const saved = async (name: string): Promise<Buffer> => {
        const download = page.waitForEvent("download");
        await page.getByRole("button", { name }).click();
        const chunks: Buffer[] = [];
        for await (const chunk of await (await download).createReadStream()) chunks.push(Buffer.from(chunk));
        return Buffer.concat(chunks);
      };
      const csv = (await saved("Download “Votes over time” as CSV")).toString().trim().split("\r\n");
      expect(csv[0]).toBe("time,Great,Sad,Angry,Recommend");
      expect(csv.length).toBeGreaterThan(300);
      const { counts } = await countsOf(service.url, "baker", site);
      expect(csv.at(-1)?.split(",").slice(1).map(Number)).toEqual(Object.values(counts as object));
      const png = await saved("Download “Share of each reaction” as PNG");
      expect(png.subarray(1, 4).toString()).toBe("PNG");
      expect(png.readUInt32BE(16)).toBeGreaterThan(400);
      await page.close();
    });

    it("M70: freezes and opens a page; counts what a purge would take, takes it, and gives it back", async () => {
      const { page } = await open("#/page?page=budget");
      const { total } = await countsOf(service.url, "budget", site);
      await page.getByRole("button", { name: "Freeze" }).click();
      await page.getByLabel("Reason").fill("for a test");
      await page.getByRole("button", { name: "Do it" }).click();
      await page.locator(".badge-frozen").waitFor();
      await page.getByRole("button", { name: "Reopen" }).click();
      await page.getByRole("button", { name: "Do it" }).click();
      await page.locator(".badge-open").waitFor();

      await page.getByRole("button", { name: "Purge… bad0ba" }).click();
      await page.getByRole("button", { name: "Count first" }).click();
      await page.locator("dialog [role=status]", { hasText: "90 votes would go." }).waitFor();
      expect((await countsOf(service.url, "budget", site)).total).toBe(total);
      // A changed filter is counted anew.
      await page.locator("dialog select[name=reaction], dialog input[name=source]").first().fill("000000");
      await page.getByRole("button", { name: "Count first" }).click();
      await page.locator("dialog [role=status]", { hasText: "No vote matches." }).waitFor();
      await page.locator("dialog input[name=source]").fill("bad0ba");
      await page.getByRole("button", { name: "Count first" }).click();
      await page.getByRole("button", { name: "Take 90 votes out" }).click();
      await page.locator("dialog", { hasText: "90 votes were taken out." }).waitFor();
      expect((await countsOf(service.url, "budget", site)).total).toBe(Number(total) - 90);
      await page.getByRole("button", { name: "Close" }).click();
      await votes(page, Number(total) - 90);

      await page.locator(".lines").getByRole("button", { name: "Undo" }).click();
      await page.getByRole("button", { name: "Do it" }).click();
      await votes(page, Number(total));
      expect(await page.locator(".lines").getByRole("button", { name: "Undo" }).count()).toBe(0);
      await page.close();
    });

    it("M80, M81: shows what is held, lets it go, and takes that back", async () => {
      const { redis, lifecycle } = openTestRedis();
      const held = Array.from({ length: 20 }, (_, n) => ({
        voter: `be${n.toString(16).padStart(14, "0")}`,
        reaction: n < 8 ? 2 : HELD + 2,
        at: Date.now() - 1_000,
        source: 0xbad0bb,
      }));
      await tallyPage(redis, site, "stuffed", held);
      await lifecycle.stop();
      const { page, wrong } = await open("#/page?page=stuffed");
      await votes(page, 8);
      await page.getByText("and in no total: 12 votes.").waitFor();
      await page.locator(".sources li", { hasText: "bad0bb" }).getByText("12 held").waitFor();
      await page.getByRole("button", { name: "Release held" }).click();
      await page.getByRole("button", { name: "Do it" }).click();
      await votes(page, 20);
      await page.getByText("in no total").waitFor({ state: "detached" });
      await page.locator(".lines").getByRole("button", { name: "Undo" }).click();
      await page.getByRole("button", { name: "Do it" }).click();
      await votes(page, 8);
      await page.getByRole("button", { name: "Discard held" }).click();
      await page.getByRole("button", { name: "Do it" }).click();
      await page.getByText("in no total").waitFor({ state: "detached" });
      await votes(page, 8);
      expect(await axeViolations(page)).toEqual([]);
      expect(wrong).toEqual([]);
      await page.close();
    });

    it("M80: the suspects tell in both languages how many votes a page holds and why, however old those are", async () => {
      const { redis, lifecycle } = openTestRedis();
      const night = Array.from({ length: 15 }, (_, n) => ({
        voter: `ae${n.toString(16).padStart(14, "0")}`,
        reaction: HELD + 2,
        at: Date.now() - 5 * 3_600_000 - n * 1_000,
        source: 0xbad0bc,
      }));
      await tallyPage(redis, site, "raided-at-night", night);
      await noteHolding(redis, site, "raided-at-night");
      await lifecycle.stop();
      for (const [locale, words] of [
        ["en-GB", "Held, because too many came from one network or from crowds, and in no total: 15 votes."],
        ["ko-KR", "보류되었고, 집계에 들지 않은 투표: 15표."],
      ] as const) {
        const { page, wrong } = await open("#/alerts", { locale });
        await page.locator(".lines li", { hasText: "raided-at-night" }).getByText(words).waitFor();
        expect(await axeViolations(page)).toEqual([]);
        expect(wrong).toEqual([]);
        await page.close();
      }
    });

    it("P54: without a page it asks for one, and an order that a token may not give is refused in words", async () => {
      const { token } = await desk().createToken({ name: `w-${Date.now()}`, scope: "read", site });
      const { page } = await open("#/now", {}, token);
      let arrive = (): void => {};
      const titles = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      await page.route("**/hot?window=week*", async (route) => {
        await titles;
        await route.continue();
      });
      await page.evaluate('location.hash = "#/page"');
      await page.locator("input[type=search]").fill("night baker");
      // Its words are not taken for an id while the titles are on their way.
      await page.locator("input[type=search]").press("Enter");
      expect(await page.getByRole("button", { name: "Open" }).isDisabled()).toBe(true);
      arrive();
      await page.getByRole("button", { name: "Open" }).click();
      await page.locator("h1", { hasText: "The night baker" }).waitFor();
      await page.getByRole("button", { name: "Freeze" }).click();
      await page.getByRole("button", { name: "Do it" }).click();
      await page.locator("dialog [role=alert]", { hasText: "Your token may not do that here." }).waitFor();
      await page.keyboard.press("Escape");
      await page.evaluate('location.hash = "#/page?page=nobody-knows-it"');
      await page.getByText("This page has no votes yet.").waitFor();
      await page.getByText("There are no votes to look at.").waitFor();
      await page.close();
    });
  });

  it("P59: the audit is searched by all that stands in it", async () => {
    const { page } = await open("#/audit");
    await page.locator(".audit li").first().waitFor();
    const all = await page.locator(".audit li").count();
    await page.keyboard.press("/");
    await page.keyboard.type("raid purge");
    await until("fewer lines", async () => (await page.locator(".audit li").count()) < all);
    expect(await page.locator(".audit li b").allTextContents()).toEqual(["Purge", "Purge"]);
    await page.locator("input[type=search]").fill("no such words");
    await page.getByText("No line has these words.").waitFor();
    await page.close();
  });
});
