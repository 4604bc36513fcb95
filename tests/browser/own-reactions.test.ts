import { describe, expect, it } from "vitest";
import { signPage } from "../../shared/votes/check-page.ts";
import { chromiumBinary } from "../support/chromium.ts";
import { enterDashboard } from "../support/enter-dashboard.ts";
import { ADMIN_TOKEN } from "../support/moderator.ts";
import { countsOf, freshPage, until } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { setStage } from "../support/stage.ts";
import { article, button, note, reader, shows } from "../support/widget-page.ts";

const KEY = "a key that only the publisher knows";
const LABELS = { en: { wow: "Wow <i>!" }, ko: { wow: "놀라워요" } };
const file = writeSitesFile([
  { id: "labelled", name: "Labelled", reactions: ["great", "wow", "meh"], labels: LABELS },
  { id: "signed", name: "Signed", pages: { open: "signed", keys: [KEY] } },
]);

describe.runIf(chromiumBinary !== undefined)("a site's own reactions and signed pages", () => {
  const stage = setStage({ SITES_FILE: file, ADMIN_TOKEN });

  it.each([
    ["en", "Great", "Wow <i>!"],
    ["ko-KR", "최고예요", "놀라워요"],
    ["de", undefined, "Wow <i>!"],
  ])(
    "S97: the bar has the site's buttons and, where it has no word, the site's labels as text: %s",
    async (lang, great, wow) => {
      const page = await reader(stage.browser);
      const name = freshPage();
      const tag = `<reader-reactions site="labelled" page="${name}"></reader-reactions>`;
      await page.goto(stage.publisher.put(`/${lang}`, article(stage.service.url, tag, "", lang)));
      const label = (reaction: string) => button(page, reaction).locator(".label").textContent();
      await until("the label", async () => (await label("wow")) === wow);
      expect(await label("meh")).toBe("meh");
      if (great !== undefined && lang === "en") expect(await label("great")).toBe(great);
      await button(page, "wow").click();
      await shows(page, "wow", "1", true);
      await until("the vote", async () => (await countsOf(stage.service.url, name, "labelled")).total === 1);
      await page.context().close();
    },
  );

  it("S97: the tag's own label and colours win, and the dashboard says what the site says", async () => {
    const page = await reader(stage.browser);
    const name = freshPage();
    const tag = `<reader-reactions site="labelled" page="${name}" label-wow="Oh"></reader-reactions>`;
    const style =
      "<style>reader-reactions { --reactions-wow: rgb(1, 2, 3); --reactions-accent: rgb(4, 5, 6) }</style>";
    await page.goto(stage.publisher.put("/own", article(stage.service.url, tag, style)));
    await button(page, "wow").click();
    await shows(page, "wow", "1", true);
    const strokeOf = (reaction: string) =>
      button(page, reaction)
        .locator("path")
        .first()
        .evaluate((path) => getComputedStyle(path).stroke);
    expect(await strokeOf("wow")).toBe("rgb(1, 2, 3)");
    expect(await strokeOf("meh")).toBe("rgb(4, 5, 6)");
    expect(await strokeOf("great")).toBe("rgb(224, 49, 95)");
    expect(await button(page, "wow").locator(".label").textContent()).toBe("Oh");
    await enterDashboard(page, stage.service.url, "labelled", ADMIN_TOKEN);
    await page.evaluate((id) => location.assign(`#/page?${new URLSearchParams({ page: id })}`), name);
    await page.getByText("Wow <i>!").first().waitFor();
    await page.context().close();
  });

  it("V72: a signed page is voted on with one press, an unsigned one says a sentence", async () => {
    const page = await reader(stage.browser);
    const name = freshPage();
    const tag = (signature: string) =>
      `<reader-reactions site="signed" page="${name}"${signature}></reader-reactions>`;
    await page.goto(stage.publisher.put("/unsigned", article(stage.service.url, tag(""))));
    await shows(page, "great", "0", false);
    await button(page, "great").click();
    await until(
      "the sentence",
      async () => (await note(page).textContent()) === "Your choice could not be taken.",
    );
    await shows(page, "great", "0", false);
    expect((await countsOf(stage.service.url, name, "signed")).total).toBe(0);
    await page.goto(
      stage.publisher.put("/signed", article(stage.service.url, tag(` signature="${signPage(KEY, name)}"`))),
    );
    await shows(page, "great", "0", false);
    await button(page, "great").click();
    await shows(page, "great", "1", true);
    await until("the vote", async () => (await countsOf(stage.service.url, name, "signed")).total === 1);
    await page.context().close();
  });

  it("V72: a vote on a signed page that waits is sent from another page of the publisher with its signature", async () => {
    const page = await reader(stage.browser);
    const [name, other] = [freshPage(), freshPage()];
    const tag = (id: string) =>
      `<reader-reactions site="signed" page="${id}" signature="${signPage(KEY, id)}"></reader-reactions>`;
    await page.goto(stage.publisher.put("/left", article(stage.service.url, tag(name))));
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
    await page.goto(stage.publisher.put("/other", article(stage.service.url, tag(other))));
    await until(
      "the vote",
      async () => (await countsOf(stage.service.url, name, "signed")).total === 1,
      20_000,
    );
    await page.context().close();
  });

  it("V72: the page for frames carries a signature, to readers without scripts too", async () => {
    const name = freshPage();
    const query = new URLSearchParams({ site: "signed", page: name, signature: signPage(KEY, name) });
    const page = await (await stage.browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(`${stage.service.url}/embed?${query}`);
    await page.locator('button[value="sad"]').click();
    await until("the vote", async () => (await countsOf(stage.service.url, name, "signed")).total === 1);
    await page.context().close();
  });
});
