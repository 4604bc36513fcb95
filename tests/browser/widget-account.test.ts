import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { chromiumBinary } from "../support/chromium.ts";
import { AUDIENCE, signWith } from "../support/jwks-server.ts";
import { countsOf, freshPage, until } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { setStage } from "../support/stage.ts";
import { article, button, live, note, reader, shows } from "../support/widget-page.ts";

const SECRET = "a secret of the publisher, 32 bytes";
const accounts = { audience: AUDIENCE, keys: [{ algorithm: "HS256", secret: SECRET }] };
const [both, account] = [`both-${randomUUID()}`, `account-${randomUUID()}`];
const file = writeSitesFile([
  { id: both, name: "Both", voters: { who: "both", accounts } },
  { id: account, name: "Account", voters: { who: "account", accounts } },
]);

describe.runIf(chromiumBinary !== undefined)("<reader-reactions account>", () => {
  const stage = setStage({ SITES_FILE: file });

  async function open(site: string, name: string, token = "") {
    const page = await reader(stage.browser);
    const attribute = token === "" ? "" : `account="${token}"`;
    const tag = `<reader-reactions site="${site}" page="${name}" ${attribute}></reader-reactions>`;
    await page.goto(stage.publisher.put(`/${freshPage()}`, article(stage.service.url, tag)));
    return page;
  }

  it("V65: a reader who signs in keeps the vote and counts once, here and on another device", async () => {
    const [name, sub] = [freshPage(), randomUUID()];
    const [desk, phone] = [await open(both, name), await open(both, name, await signWith(SECRET, { sub }))];
    await Promise.all([live(desk), live(phone)]);
    await button(phone, "sad").click();
    await shows(desk, "sad", "1", false);
    await button(desk, "great").click();
    await shows(phone, "great", "1", false);
    const kept = () => desk.evaluate((site) => localStorage.getItem(`reader-reactions:voter:${site}`), both);
    expect(await kept()).toMatch(/^a1\./);
    const token = await signWith(SECRET, { sub, jti: "desk" });
    await desk
      .locator("reader-reactions")
      .evaluate((bar, value) => bar.setAttribute("account", value), token);
    await shows(phone, "sad", "0");
    await shows(desk, "great", "1", true);
    await until("the anonymous voter to be forgotten", async () => (await kept()) === null);
    expect(await countsOf(stage.service.url, name, both)).toMatchObject({ total: 1, counts: { great: 1 } });
    await phone.reload();
    await shows(phone, "great", "1", true);
    await desk.locator("reader-reactions").evaluate((bar) => bar.removeAttribute("account"));
    await shows(desk, "great", "1", false);
    for (const page of [desk, phone]) await page.context().close();
  }, 60_000);

  it("V61, V65: where only accounts vote, the bar says so, and takes votes once the reader signed in", async () => {
    const name = freshPage();
    const page = await open(account, name);
    await live(page);
    await button(page, "great").click();
    await note(page).filter({ hasText: "Sign in to react." }).waitFor();
    await shows(page, "great", "0", false);
    const token = await signWith(SECRET, { sub: randomUUID() });
    await page
      .locator("reader-reactions")
      .evaluate((bar, value) => bar.setAttribute("account", value), token);
    await button(page, "great").click();
    await shows(page, "great", "1", true);
    await until("the count", async () => (await countsOf(stage.service.url, name, account)).total === 1);
    await page.context().close();
  }, 60_000);
});
