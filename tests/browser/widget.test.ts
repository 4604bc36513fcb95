import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumBinary } from "../support/chromium.ts";
import { countsOf, freshPage, tallied, until } from "../support/reader.ts";
import { setStage } from "../support/stage.ts";
import { article, button, leftOpen, live, note, reader, shows } from "../support/widget-page.ts";

describe.runIf(chromiumBinary !== undefined)("<reader-reactions>", () => {
  const stage = setStage();

  const bar = (page: string, attributes = "") =>
    `<reader-reactions page="${page}" ${attributes}></reader-reactions>`;

  /** A reader who sees these tags on a publisher's page. */
  async function open(tags: string, head = "", options = {}): Promise<Page> {
    const page = await reader(stage.browser, options);
    await page.goto(stage.publisher.put(`/${freshPage()}`, article(stage.service.url, tags, head)));
    return page;
  }

  const close = (...pages: readonly Page[]) => Promise.all(pages.map((page) => page.context().close()));

  it("P12, P13: two readers on a third-party page see each other's votes; switch, withdraw, reload", async () => {
    const name = freshPage();
    const [one, two] = await Promise.all([open(bar(name)), open(bar(name))]);
    await Promise.all([shows(one, "great", "0"), shows(two, "great", "0"), live(one), live(two)]);
    await button(one, "great").click();
    await shows(one, "great", "1", true);
    await shows(two, "great", "1", false);
    await button(two, "great").click();
    await shows(one, "great", "2", true);
    await button(two, "sad").click();
    await shows(one, "sad", "1", false);
    await shows(one, "great", "1", true);
    await one.reload();
    await shows(one, "great", "1", true);
    await button(one, "great").click();
    await shows(two, "great", "0", false);
    expect((await countsOf(stage.service.url, name)).total).toBe(1);
    for (const page of [one, two]) expect(await page.context().cookies()).toEqual([]);
    await close(one, two);
  }, 60_000);

  it("P12: the press shows before its event is over", async () => {
    const page = await open(bar(freshPage()));
    await shows(page, "great", "0");
    const after = await page.evaluate(() => {
      const pressed = document.querySelector("reader-reactions")?.shadowRoot?.querySelector("button");
      pressed?.click();
      return [pressed?.ariaPressed, pressed?.querySelector(".count")?.textContent];
    });
    expect(after).toEqual(["true", "1"]);
    await close(page);
  });

  it("P12, C2: frantic pressing never goes below zero and ends with what the reader sees", async () => {
    const name = freshPage();
    const page = await open(bar(name));
    await shows(page, "great", "0");
    const low = await page.evaluate(async () => {
      const root = document.querySelector("reader-reactions")?.shadowRoot;
      const buttons = [...(root?.querySelectorAll("button") ?? [])];
      let lowest = 0;
      for (let press = 0; press < 60; press++) {
        buttons[(press * 7) % 3]?.click();
        for (const { textContent } of root?.querySelectorAll(".count") ?? [])
          lowest = Math.min(lowest, Number(textContent));
        if (press % 5 === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      buttons[3]?.click();
      return lowest;
    });
    expect(low).toBe(0);
    await shows(page, "recommend", "1", true);
    await until("one vote", async () => {
      const { counts, total } = await countsOf(stage.service.url, name);
      return total === 1 && (counts as Record<string, number>).recommend === 1;
    });
    await shows(page, "recommend", "1", true);
    await close(page);
  });

  it("P14: a refused vote goes back, says why, and tells the publisher", async () => {
    const page = await open(bar(freshPage(), 'reactions="great nonsense"'));
    await page.evaluate(() => {
      document.body.addEventListener("reaction-error", ({ detail }) => {
        document.title = `${detail.error.code} ${detail.reaction}`;
      });
    });
    await shows(page, "nonsense", "0");
    await button(page, "nonsense").click();
    await note(page).filter({ hasText: "could not be taken" }).waitFor();
    await shows(page, "nonsense", "0", false);
    expect(await page.title()).toBe("reaction_unknown nonsense");
    await close(page);
  });

  it("P14: tells the publisher of each vote", async () => {
    const name = freshPage();
    const page = await open(bar(name));
    await shows(page, "sad", "0");
    const told = page.evaluate(
      () =>
        new Promise((resolve) => {
          document.body.addEventListener("reaction-change", ({ detail }) => resolve(detail), { once: true });
        }),
    );
    await button(page, "sad").click();
    expect(await told).toEqual({ site: "default", page: name, reaction: "sad", before: null });
    await close(page);
  });

  it("P15: offline, the vote is kept, survives a reload, and is sent when the service can be reached", async () => {
    const name = freshPage();
    const page = await open(bar(name));
    await live(page);
    await page.route(`${stage.service.url}/v1/**`, (route) => route.abort());
    await page.context().setOffline(true);
    await button(page, "angry").click();
    await note(page).filter({ hasText: "is kept on this device" }).waitFor();
    await shows(page, "angry", "1", true);
    await page.context().setOffline(false);
    await page.reload();
    await page.locator('reader-reactions [data-reaction="angry"][aria-pressed="true"]').waitFor();
    expect((await countsOf(stage.service.url, name)).total).toBe(0);
    await page.unroute(`${stage.service.url}/v1/**`);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await until("the vote", async () => (await countsOf(stage.service.url, name)).total === 1);
    await shows(page, "angry", "1", true);
    await close(page);
  });

  it("P16: works under a strict Content-Security-Policy", async () => {
    const { host } = new URL(stage.service.url);
    const policy = `default-src 'none'; script-src 'self' ${stage.service.url}; connect-src ${stage.service.url} ws://${host}; require-trusted-types-for 'script'`;
    const page = await reader(stage.browser);
    const faults: string[] = [];
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    const body = article(stage.service.url, bar(freshPage())).replace(
      "<head>",
      '<head><link rel="icon" href="data:,">',
    );
    await page.goto(stage.publisher.put("/strict", body, { "content-security-policy": policy }));
    await live(page);
    await button(page, "great").click();
    await shows(page, "great", "1", true);
    expect(await button(page, "great").evaluate((node) => getComputedStyle(node).borderRadius)).toBe("14px");
    expect(faults.filter((fault) => !fault.includes("data:,"))).toEqual([]);
    await close(page);
  });

  it("P17: fifty bars share one socket and one request for counts, and two bars of a page agree", async () => {
    const names = Array.from({ length: 50 }, (_, index) => freshPage(`${index}`));
    const page = await reader(stage.browser);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const tags = [...names, names[0] ?? ""].map((name) => bar(name, 'mode="compact"')).join("\n");
    await page.goto(stage.publisher.put("/fifty", article(stage.service.url, tags)));
    await live(page);
    await shows(page, "great", "0");
    await tallied(stage.service.url, { page: names[0], reaction: "great" });
    await shows(page, "great", "1");
    expect(asked.filter((url) => url.includes("/counts?"))).toHaveLength(1);
    expect((await leftOpen(page)).sockets).toBe(1);
    await button(page, "sad").click();
    await page
      .locator("reader-reactions >> nth=50")
      .locator('[data-reaction="sad"][aria-pressed="true"]')
      .waitFor();
    await close(page);
  });

  it("P19: the socket of a hidden tab rests, and the bar catches up when it is shown", async () => {
    const name = freshPage();
    const page = await open(bar(name));
    await live(page);
    const turn = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await turn(true);
    await until("no socket", async () => (await leftOpen(page)).sockets === 0);
    await tallied(stage.service.url, { page: name, reaction: "sad" });
    await turn(false);
    await shows(page, "sad", "1");
    await live(page);
    await close(page);
  });

  it("P20: another page never shows the counts of the page before, nor does another route", async () => {
    const [one, two] = [freshPage(), freshPage()];
    await tallied(stage.service.url, { page: one, reaction: "great" });
    const page = await open(bar(one));
    await shows(page, "great", "1");
    const texts = await page.evaluate((next) => {
      const tag = document.querySelector("reader-reactions");
      tag?.setAttribute("page", next);
      return [...(tag?.shadowRoot?.querySelectorAll(".count, .note, .spoken") ?? [])].map(({ textContent }) =>
        textContent?.trim(),
      );
    }, two);
    expect(texts.join("")).not.toMatch(/\d/);
    await shows(page, "great", "0");
    await tallied(stage.service.url, { page: one, reaction: "great" });
    await tallied(stage.service.url, { page: two, reaction: "sad" });
    await shows(page, "sad", "1");
    await shows(page, "great", "0");

    await page.evaluate(() => document.querySelector("reader-reactions")?.removeAttribute("page"));
    await live(page);
    await button(page, "great").click();
    await shows(page, "great", "1", true);
    await page.evaluate(() => history.pushState({}, "", "/another-route"));
    await shows(page, "great", "0", false);
    await close(page);
  });

  it("P21: once removed, nothing is left open; added again, it works", async () => {
    const page = await open(bar(freshPage()) + bar(freshPage()));
    await live(page);
    await button(page, "great").click();
    await shows(page, "great", "1", true);
    for (let round = 0; round < 2; round++) {
      await page.evaluate(() => {
        const tags = [...document.querySelectorAll("reader-reactions")];
        Object.assign(globalThis, { tags });
        for (const tag of tags) tag.remove();
      });
      await until("nothing open", async () => {
        const { timers, sockets, listeners } = await leftOpen(page);
        return timers === 0 && sockets === 0 && listeners === 0;
      });
      await page.evaluate(() => {
        document.body.append(...(globalThis as unknown as { tags: Element[] }).tags);
      });
      await live(page);
      await shows(page, "great", "1", true);
    }
    await close(page);
  }, 60_000);

  it("P22: bad input shows one calm sentence or a usable bar, and inserts nothing as HTML", async () => {
    const hostile = "<img src=x onerror=document.title='broken'>";
    const cases: readonly (readonly [string, RegExp])[] = [
      ['site="nowhere"', /not available here/],
      ['site="../x"', /not available here/],
      [`page="${hostile.replaceAll('"', "&quot;")}"`, /0 readers/],
      [`page="${"x".repeat(600)}"`, /not available here/],
      ['endpoint="http://127.0.0.1:1"', /cannot be loaded right now/],
      ['endpoint="nonsense"', /cannot be loaded right now/],
      ['reactions=",;<b>" mode="huge" lang="xx-nonsense-!"', /0 readers/],
      [`label-great="${hostile}"`, /0 readers/],
    ];
    const tags = cases.map(([attributes]) =>
      bar(freshPage(), attributes).replace(/page="[^"]*" (?=page=)/, ""),
    );
    const page = await open(tags.join("\n"));
    const faults: string[] = [];
    page.on("pageerror", ({ message }) => faults.push(message));
    for (const [index, [, sentence]] of cases.entries()) {
      await page
        .locator(`reader-reactions >> nth=${index}`)
        .locator(".note")
        .filter({ hasText: sentence })
        .waitFor();
    }
    expect(await page.title()).toBe("An article");
    expect(await page.locator("reader-reactions img").count()).toBe(0);
    expect(faults).toEqual([]);
    await close(page);
  }, 60_000);

  it("P22: a site's own reactions, labels, icons and slots are drawn", async () => {
    const look = JSON.stringify({ labels: { no: "Nein" }, icons: { yes: "👍" } });
    const page = await open(
      `<reader-reactions site="other" page="${freshPage()}" label-yes="Ja">
        <script type="application/json">${look}</script><b slot="icon-no">N</b></reader-reactions>`,
    );
    await button(page, "yes").getByText("Ja").waitFor();
    await button(page, "no").getByText("Nein").waitFor();
    await button(page, "yes").getByText("👍").waitFor();
    await button(page, "yes").click();
    await shows(page, "yes", "1", true);
    expect(await page.locator('[data-reaction="great"]').count()).toBe(0);
    await close(page);
  });
});
