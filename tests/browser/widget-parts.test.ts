/** What a bar loads, and when. */
import { describe, expect, it } from "vitest";
import { chromiumBinary } from "../support/chromium.ts";
import { freshPage, tallied, until } from "../support/reader.ts";
import { setStage } from "../support/stage.ts";
import { article, button, leftOpen, live, reader, shows } from "../support/widget-page.ts";

describe.runIf(chromiumBinary !== undefined)("the parts of <reader-reactions>", () => {
  const stage = setStage();

  const bar = (page: string) => `<reader-reactions page="${page}"></reader-reactions>`;

  it("P18: the first counts need one request after the script", async () => {
    const page = await reader(stage.browser);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.route("**/assets/**", () => {});
    await page.goto(stage.publisher.put("/first", article(stage.service.url, bar(freshPage()))));
    await shows(page, "great", "0");
    await button(page, "great").click();
    await shows(page, "great", "1", true);
    const urls = asked.filter((url) => url.startsWith(stage.service.url)).map((url) => new URL(url).pathname);
    expect(urls.filter((path) => !path.startsWith("/assets/")).slice(0, 2)).toEqual([
      "/widget.js",
      "/v1/sites/default/counts",
    ]);
    await page.context().close();
  });

  it("P26: a bar that nobody touches is two scripts, one request for counts and one socket", async () => {
    const page = await reader(stage.browser);
    const asked: string[] = [];
    const heads: Record<string, string>[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("websocket", (socket) => asked.push(socket.url()));
    page.on("response", (response) => {
      if (response.url().includes("/counts?")) heads.push(response.headers());
    });
    const name = freshPage();
    await page.goto(stage.publisher.put("/untouched", article(stage.service.url, bar(name))));
    await live(page);
    await tallied(stage.service.url, { page: name, reaction: "great" });
    await shows(page, "great", "1");
    const host = stage.service.url.replace(/^http/, "ws");
    const named = (urls: readonly string[]) =>
      urls
        .filter((url) => url.startsWith(stage.service.url) || url.startsWith(host))
        .map((url) => url.replace(/-\w+\.js$/, "").replace(/^\w+:\/\/[^/]+/, ""));
    const untouched = named(asked);
    expect(untouched.slice(0, 4)).toEqual([
      "/widget.js",
      `/v1/sites/default/counts?page=${name}`,
      "/assets/later",
      "/socket.io/?EIO=4&transport=websocket",
    ]);
    // What a number rolls with comes once one has changed.
    expect(untouched.slice(4).filter((path) => path !== "/assets/move")).toEqual([]);
    // In front of Express, whose answers carry this.
    expect(heads.map((head) => head["content-security-policy"])).toEqual([undefined]);
    await button(page, "great").click();
    await shows(page, "great", "2", true);
    await until("the movement", () => named(asked).includes("/assets/move"));
    expect(named(asked)).not.toContain("/assets/own-look");
    await page.context().close();
  });

  it("P21: a bar that is removed while a part of it loads stays away", async () => {
    const page = await reader(stage.browser);
    let arrive: () => void = () => {};
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    await page.route("**/assets/own-look-*", async (route) => {
      await late;
      await route.continue();
    });
    const look = '<script type="application/json">{"labels":{"great":"Wow"}}</script>';
    const tag = `<reader-reactions page="${freshPage()}">${look}</reader-reactions>`;
    const asked = page.waitForRequest("**/assets/own-look-*");
    let reads = 0;
    page.on("request", (request) => {
      if (request.url().includes("/counts?")) reads++;
    });
    await page.goto(stage.publisher.put("/late", article(stage.service.url, tag)));
    await live(page);
    await asked;
    await page.evaluate(() => document.querySelector("reader-reactions")?.remove());
    const arrived = page.waitForResponse("**/assets/own-look-*");
    arrive();
    await (await arrived).finished();
    await page.waitForTimeout(100);
    await until("nothing open", async () => {
      const { timers, sockets, listeners } = await leftOpen(page);
      return timers === 0 && sockets === 0 && listeners === 0;
    });
    expect(reads).toBe(1);
    await page.context().close();
  });
});
