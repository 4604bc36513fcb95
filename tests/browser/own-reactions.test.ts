import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { signPage } from "../../shared/votes/check-page.ts";
import { chromiumBinary, startChromium } from "../support/chromium.ts";
import { enterDashboard } from "../support/enter-dashboard.ts";
import { ADMIN_TOKEN } from "../support/moderator.ts";
import { type PublisherPage, startPublisher } from "../support/publisher-page.ts";
import { countsOf, freshPage, until } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { article, button, note, reader, shows } from "../support/widget-page.ts";

const KEY = "a key that only the publisher knows";
const LABELS = { en: { wow: "Wow <i>!" }, ko: { wow: "놀라워요" } };
const file = writeSitesFile([
  { id: "labelled", name: "Labelled", reactions: ["great", "wow", "meh"], labels: LABELS },
  { id: "signed", name: "Signed", pages: { open: "signed", keys: [KEY] } },
]);

describe.runIf(chromiumBinary !== undefined)("a site's own reactions and signed pages", () => {
  let service: TestService;
  let publisher: PublisherPage;
  let browser: Browser;
  beforeAll(async () => {
    service = await startService(inject("redisUrl"), { SITES_FILE: file, ADMIN_TOKEN });
    publisher = await startPublisher();
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await publisher.close();
    await service.stop();
  });

  it.each([
    ["en", "Great", "Wow <i>!"],
    ["ko-KR", "최고예요", "놀라워요"],
    ["de", undefined, "Wow <i>!"],
  ])(
    "S97: the bar has the site's buttons and, where it has no word, the site's labels as text: %s",
    async (lang, great, wow) => {
      const page = await reader(browser);
      const name = freshPage();
      const tag = `<reader-reactions site="labelled" page="${name}"></reader-reactions>`;
      await page.goto(publisher.put(`/${lang}`, article(service.url, tag, "", lang)));
      const label = (reaction: string) => button(page, reaction).locator(".label").textContent();
      await until("the label", async () => (await label("wow")) === wow);
      expect(await label("meh")).toBe("meh");
      if (great !== undefined && lang === "en") expect(await label("great")).toBe(great);
      await button(page, "wow").click();
      await shows(page, "wow", "1", true);
      await until("the vote", async () => (await countsOf(service.url, name, "labelled")).total === 1);
      await page.context().close();
    },
  );

  it("S97: the tag's own label wins, and the dashboard says what the site says", async () => {
    const page = await reader(browser);
    const name = freshPage();
    const tag = `<reader-reactions site="labelled" page="${name}" label-wow="Oh"></reader-reactions>`;
    await page.goto(publisher.put("/own", article(service.url, tag)));
    await button(page, "wow").click();
    await shows(page, "wow", "1", true);
    expect(await button(page, "wow").locator(".label").textContent()).toBe("Oh");
    await enterDashboard(page, service.url, "labelled", ADMIN_TOKEN);
    await page.evaluate((id) => location.assign(`#/page?${new URLSearchParams({ page: id })}`), name);
    await page.getByText("Wow <i>!").first().waitFor();
    await page.context().close();
  });

  it("V72: a signed page is voted on with one press, an unsigned one says a sentence", async () => {
    const page = await reader(browser);
    const name = freshPage();
    const tag = (signature: string) =>
      `<reader-reactions site="signed" page="${name}"${signature}></reader-reactions>`;
    await page.goto(publisher.put("/unsigned", article(service.url, tag(""))));
    await shows(page, "great", "0", false);
    await button(page, "great").click();
    await until(
      "the sentence",
      async () => (await note(page).textContent()) === "Your choice could not be taken.",
    );
    await shows(page, "great", "0", false);
    expect((await countsOf(service.url, name, "signed")).total).toBe(0);
    await page.goto(
      publisher.put("/signed", article(service.url, tag(` signature="${signPage(KEY, name)}"`))),
    );
    await shows(page, "great", "0", false);
    await button(page, "great").click();
    await shows(page, "great", "1", true);
    await until("the vote", async () => (await countsOf(service.url, name, "signed")).total === 1);
    await page.context().close();
  });

  it("V72: a vote on a signed page that waits is sent from another page of the publisher with its signature", async () => {
    const page = await reader(browser);
    const [name, other] = [freshPage(), freshPage()];
    const tag = (id: string) =>
      `<reader-reactions site="signed" page="${id}" signature="${signPage(KEY, id)}"></reader-reactions>`;
    await page.goto(publisher.put("/left", article(service.url, tag(name))));
    await shows(page, "great", "0", false);
    await page.route("**/v1/sites/signed/vote*", (route) => route.abort());
    await page.evaluate(() => localStorage.setItem("reader-reactions:waiting:signed", "{}"));
    await page.context().setOffline(true);
    await button(page, "great").click();
    await until("the outbox", async () =>
      ((await page.evaluate(() => localStorage.getItem("reader-reactions:waiting:signed"))) ?? "").includes(
        name,
      ),
    );
    await page.context().setOffline(false);
    await page.unrouteAll();
    await page.goto(publisher.put("/other", article(service.url, tag(other))));
    await until("the vote", async () => (await countsOf(service.url, name, "signed")).total === 1, 20_000);
    await page.context().close();
  });

  it("V72: the page for frames carries a signature, to readers without scripts too", async () => {
    const name = freshPage();
    const query = new URLSearchParams({ site: "signed", page: name, signature: signPage(KEY, name) });
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(`${service.url}/embed?${query}`);
    await page.locator('button[value="sad"]').click();
    await until("the vote", async () => (await countsOf(service.url, name, "signed")).total === 1);
    await page.context().close();
  });
});
