import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { Reactions } from "../../shared/client/client.ts";
import { chromiumBinary } from "../support/chromium.ts";
import { countsOf, freshPage, until } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { setStage } from "../support/stage.ts";
import { article, button, live, reader, shows } from "../support/widget-page.ts";

describe.runIf(chromiumBinary !== undefined)("<reader-reactions> while puzzles are asked for", () => {
  const file = writeSitesFile([{ id: "default", name: "Default", puzzle: "always" }]);
  const stage = setStage({ LIMITS: "on", SITES_FILE: file });

  /** Presses once on a publisher's page with this policy; resolves to the page once the vote counts. */
  async function voteOn(policy: string): Promise<Page> {
    const name = freshPage();
    const page = await reader(stage.browser);
    const html = article(stage.service.url, `<reader-reactions page="${name}"></reader-reactions>`);
    await page.goto(stage.publisher.put(`/${freshPage()}`, html, { "content-security-policy": policy }));
    await shows(page, "great", "0");
    await button(page, "great").click();
    await shows(page, "great", "1", true);
    await until("the vote", async () => (await countsOf(stage.service.url, name)).total === 1, 30_000);
    return page;
  }

  it("S105: votes with one press, with the work in a worker", async () => {
    const page = await reader(stage.browser);
    const name = freshPage();
    const html = article(stage.service.url, `<reader-reactions page="${name}"></reader-reactions>`);
    await page.goto(stage.publisher.put(`/${freshPage()}`, html));
    await shows(page, "great", "0");
    const [worker] = await Promise.all([page.waitForEvent("worker"), button(page, "great").click()]);
    expect(worker.url()).toMatch(/^blob:/);
    await shows(page, "great", "1", true);
    await until("the vote", async () => (await countsOf(stage.service.url, name)).total === 1, 30_000);
    await until("the worker's end", () => page.workers().length === 0);
    await page.context().close();
  }, 60_000);

  it("P90: whoever tabs past a bar is given no token, whoever presses a key votes with that press", async () => {
    for (const key of ["Enter", "Space"]) {
      const page = await reader(stage.browser);
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => asked.push(String(payload))));
      const name = freshPage();
      const html = article(stage.service.url, `<reader-reactions page="${name}"></reader-reactions>`);
      await page.goto(stage.publisher.put(`/${freshPage()}`, html));
      await live(page);
      const kept = () => page.evaluate(() => localStorage.length);
      for (let n = 0; n < 5; n++) await page.keyboard.press("Tab");
      await button(page, "sad").focus();
      await page.keyboard.press("Shift+Tab");
      // What a token would have been asked with has been answered by the time that this is.
      await new Reactions({ endpoint: stage.service.url }).vote(name, "sad");
      await shows(page, "sad", "1");
      expect(asked.filter((what) => /voters|"voter"/.test(what))).toEqual([]);
      expect(await kept()).toBe(0);
      await button(page, "great").focus();
      await page.keyboard.press(key);
      await shows(page, "great", "1", true);
      await until("the vote", async () => (await countsOf(stage.service.url, name)).total === 2, 30_000);
      expect(await kept()).toBeGreaterThan(0);
      await page.context().close();
    }
  }, 60_000);

  it("S105: and without one where the page's policy allows none, or none from a string", async () => {
    const own = `${stage.service.url} ${stage.service.url.replace("http", "ws")}`;
    const strict = `default-src 'none'; script-src ${own}; connect-src ${own}`;
    for (const policy of [strict, `${strict}; worker-src blob:; require-trusted-types-for 'script'`]) {
      const page = await voteOn(policy);
      expect(page.workers()).toEqual([]);
      await page.context().close();
    }
  }, 60_000);
});
