import { describe, expect, it } from "vitest";
import { OPEN_SITE } from "../../shared/runtime/site-settings.ts";
import { fits } from "../../shared/votes/check-page.ts";
import { NewPages } from "../../shared/votes/new-pages.ts";

describe("the rules of who may open a page", () => {
  it("S63: a star in a pattern stands for anything, and everything else for itself", () => {
    const good = [
      ["article-*", "article-"],
      ["article-*", "article-12"],
      ["*", ""],
      ["*/comments", "a/comments"],
      ["a*b*c", "a-b-b-c"],
      ["news", "news"],
    ] as const;
    for (const [pattern, page] of good) expect(fits(pattern, page), `${pattern} ${page}`).toBe(true);
    const bad = [
      ["article-*", "an article-1"],
      ["aa*aa", "aaa"],
      ["a*b*c", "a-c"],
      ["news", "news2"],
      ["a.c", "abc"],
    ] as const;
    for (const [pattern, page] of bad) expect(fits(pattern, page), `${pattern} ${page}`).toBe(false);
  });

  it("S64: a network opens so many pages in a minute, and everybody's votes on one page open it once", () => {
    const site = { ...OPEN_SITE, limits: { ...OPEN_SITE.limits, newPagesAMinute: 2 } };
    const pages = new NewPages();
    expect(pages.take(site, "a", "net", 0)).toBe(true);
    expect(pages.take(site, "a", "net", 1)).toBe(true);
    expect(pages.take(site, "b", "net", 2)).toBe(true);
    expect(pages.take(site, "c", "net", 59_999)).toBe(false);
    expect(pages.take(site, "c", "other", 59_999)).toBe(true);
    expect(pages.take(site, "c", "net", 59_999)).toBe(true);
    expect(pages.take(site, "d", "net", 60_000)).toBe(true);
  });
});
