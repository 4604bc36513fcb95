import { describe, expect, it } from "vitest";
import { TooFast } from "../../shared/contract/problems.ts";
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
    const opens = (page: string, address: string, now_ms: number): boolean => {
      try {
        pages.take(site, page, address, now_ms);
        return true;
      } catch (error) {
        if (!(error instanceof TooFast)) throw error;
        return false;
      }
    };
    expect(opens("a", "192.0.2.1", 0)).toBe(true);
    expect(opens("a", "192.0.2.1", 1)).toBe(true);
    expect(opens("b", "192.0.2.1", 2)).toBe(true);
    expect(opens("c", "192.0.2.1", 59_999)).toBe(false);
    expect(opens("c", "192.0.2.2", 59_999)).toBe(true);
    expect(opens("c", "192.0.2.1", 59_999)).toBe(true);
    expect(opens("d", "192.0.2.1", 60_000)).toBe(true);
    // Those of an IPv6 /48 may open ten times as many together.
    const wide = Array.from({ length: 30 }, (_, n) => opens(`w${n}`, `2001:db8:1:${n}::1`, 0));
    expect(wide.filter(Boolean)).toHaveLength(20);
    expect(opens("x", "2001:db8:2::1", 0)).toBe(true);
  });
});
