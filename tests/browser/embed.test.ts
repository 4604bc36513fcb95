import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { axeViolations } from "../support/axe-violations.ts";
import { chromiumBinary, startChromium } from "../support/chromium.ts";
import { startPublisher } from "../support/publisher.ts";
import { countsOf, freshPage, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

/** As the README gives it to publishers. */
const LISTENER = `
addEventListener("message", ({ data, source }) => {
  if (data?.type !== "reader-reactions:height") return;
  for (const frame of document.querySelectorAll("iframe"))
    if (frame.contentWindow === source) frame.height = data.height;
});`;

describe.runIf(chromiumBinary !== undefined)("ways in without our script on the page", () => {
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

  /** A story on another origin. */
  async function story(write: (address: string) => string, options: object = {}) {
    const publisher = await startPublisher((path) => ({ html: write(`${publisher.origin}${path}`) }));
    onTestFinished(() => publisher.stop());
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(`${publisher.origin}/story?id=1`);
    return page;
  }

  it("C20: the frame holds a bar that votes, and says how high it is", async () => {
    const name = freshPage("<b>&'\"");
    const query = new URLSearchParams({ page: name });
    const page = await story(
      () =>
        `<script>${LISTENER}</script><iframe src="${service.url}/embed?${query}" title="Reactions" width="500" height="1"></iframe>`,
    );
    await until("the height", async () => Number(await page.locator("iframe").getAttribute("height")) > 80);
    const frame = page.frameLocator("iframe");
    await frame.locator('[data-reaction="great"]').click();
    await until("the vote", async () => (await countsOf(service.url, name)).total === 1);
    const scrolls = () =>
      page
        .frames()[1]
        ?.evaluate("document.documentElement.scrollHeight > document.documentElement.clientHeight");
    await until("a frame that need not scroll", async () => (await scrolls()) === false);
  });

  it("S23: the page for frames has nothing that axe-core finds, in either theme", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const mode of ["bar", "compact"]) {
        const page = await (await browser.newContext({ colorScheme })).newPage();
        await page.goto(`${service.url}/embed?page=${freshPage()}&mode=${mode}`);
        await page.locator('[data-reaction="great"]').waitFor();
        expect(await axeViolations(page), `${colorScheme} ${mode}`).toEqual([]);
      }
    }
  });

  it("C18: a form on another origin works without JavaScript", async () => {
    const name = freshPage();
    const page = await story(
      (address) => `<form method="post" action="${service.url}/v1/sites/default/votes">
<input type="hidden" name="page" value="${name}"><input type="hidden" name="return" value="${address}">
<button name="reaction" value="sad">Sad</button></form>`,
      { javaScriptEnabled: false },
    );
    const address = page.url();
    await page.getByRole("button", { name: "Sad" }).click();
    await page.waitForURL(address);
    expect((await countsOf(service.url, name)).counts).toMatchObject({ sad: 1 });
  });

  it("C18: so do the forms of the demo and of the page for frames", async () => {
    const name = freshPage();
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(`${service.url}/embed?page=${name}`);
    await page.locator('button[value="great"]').click();
    await until("the vote", async () => (await countsOf(service.url, name)).total === 1);
    await page.waitForURL("**/embed?*");

    const before = Number((await countsOf(service.url, "the-last-ferry")).total);
    await page.goto(`${service.url}/`);
    await page.locator('button[value="recommend"]').click();
    await until(
      "the vote",
      async () => Number((await countsOf(service.url, "the-last-ferry")).total) > before,
    );
    await page.waitForURL(`${service.url}/`);
  });
});
