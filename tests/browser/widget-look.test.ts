import axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumBinary } from "../support/chromium.ts";
import { freshPage } from "../support/reader.ts";
import { setStage } from "../support/stage.ts";
import { article, button, live, note, reader, shows } from "../support/widget-page.ts";

const LANGUAGES = "ar de en es fr he hi id it ja ko pl pt tr uk vi zh-Hans zh-Hant".split(" ");

describe.runIf(chromiumBinary !== undefined)("the look of <reader-reactions>", () => {
  const stage = setStage();

  const TAGS = () => `<reader-reactions page="${freshPage()}"></reader-reactions>
    <p><reader-reactions page="${freshPage()}" mode="compact"></reader-reactions></p>`;

  async function open(lang = "en", options: BrowserContextOptions = {}, tags = TAGS()): Promise<Page> {
    const page = await reader(stage.browser, options);
    const head =
      "<style>:root{color-scheme:light dark}reader-reactions:not(:defined){display:block;min-height:7.75rem}</style>";
    await page.goto(stage.publisher.put(`/${freshPage()}`, article(stage.service.url, tags, head, lang)));
    await live(page);
    return page;
  }

  it.each([
    ["en", "light"],
    ["en", "dark"],
    ["ar", "light"],
  ] as const)(
    "P24: axe finds nothing: %s, %s",
    async (lang, colorScheme) => {
      const page = await open(lang, { colorScheme });
      await button(page, "great").click();
      await page
        .locator('reader-reactions >> nth=0 >> [data-reaction="great"][aria-pressed="true"]')
        .waitFor();
      await page.evaluate(axe.source);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run: () => Promise<{ violations: { id: string }[] }> };
        };
        return (await axe.run()).violations.map(({ id }) => id);
      });
      expect(violations, `${lang} ${colorScheme}`).toEqual([]);
      await page.screenshot({ path: `screenshots/widget-${lang}-${colorScheme}.png` });
      await page.context().close();
    },
    60_000,
  );

  it("P24: works by keyboard alone, and has a name and a number for readers who listen", async () => {
    const page = await open();
    await shows(page, "great", "0");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await shows(page, "sad", "1", true);
    await page.getByRole("button", { name: "Sad 1 vote", pressed: true }).waitFor();
    expect(await page.getByRole("group", { name: "Reactions to this article" }).count()).toBe(2);
    const outline = await button(page, "sad").evaluate((node) => getComputedStyle(node).outlineStyle);
    expect(outline).toBe("solid");
    await page.context().close();
  });

  it("P25: nothing moves around the bar, whatever arrives", async () => {
    const page = await reader(stage.browser);
    await page.addInitScript(() => {
      Object.assign(globalThis, { shift: 0 });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          Object.assign(globalThis, {
            shift:
              (globalThis as unknown as { shift: number }).shift +
              (entry as unknown as { value: number }).value,
          });
      }).observe({ type: "layout-shift", buffered: true });
    });
    const head = "<style>reader-reactions:not(:defined){display:block;min-height:7.75rem}</style>";
    const tag = `<reader-reactions page="${freshPage()}">12 readers</reader-reactions>`;
    await page.goto(stage.publisher.put("/shift", article(stage.service.url, tag, head, "ko")));
    await live(page);
    await note(page).filter({ hasText: "반응 0개" }).waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { shift: number }).shift)).toBe(0);
    await page.context().close();
  });

  it.each([
    ["no-preference", true],
    ["reduce", false],
  ] as const)("P25: less motion means none: %s", async (reducedMotion, moves) => {
    const page = await open("en", { reducedMotion });
    await shows(page, "great", "0");
    // Counted in the moment of the press, before anything that moves has come to its end.
    const moving = await page.evaluate(() => {
      const root = document.querySelector("reader-reactions")?.shadowRoot;
      root?.querySelector("button")?.click();
      return root?.getAnimations().length ?? -1;
    });
    expect(moving > 0).toBe(moves);
    expect(moving).toBeGreaterThanOrEqual(0);
    await page.context().close();
  });

  it("P25: every language fits a phone", async () => {
    const tags = LANGUAGES.map(
      (lang) => `<reader-reactions page="${freshPage()}" lang="${lang}"></reader-reactions>`,
    );
    const viewport = { width: 360, height: 700 };
    const page = await open("en", { viewport }, tags.join("\n"));
    await shows(page, "great", "0");
    for (const [index, lang] of LANGUAGES.entries()) {
      const bar = page.locator(`reader-reactions >> nth=${index}`);
      await bar.locator(".note", { hasText: /\p{N}/u }).waitFor();
      const cut = await bar
        .locator(".label")
        .evaluateAll((labels) =>
          labels.filter((label) => label.scrollWidth > label.clientWidth).map((label) => label.textContent),
        );
      expect(cut, lang).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.screenshot({ path: "screenshots/widget-languages-360.png", fullPage: true });
    await page.context().close();
  }, 60_000);
});
