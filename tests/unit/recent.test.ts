import { describe, expect, it } from "vitest";
import { WrongTokens } from "../../shared/moderation/wrong-tokens.ts";
import { OPEN_SITE } from "../../shared/runtime/site-settings.ts";
import { NewPages } from "../../shared/votes/new-pages.ts";
import { Recent } from "../../shared/votes/recent.ts";

describe("what a process has seen lately", () => {
  it("S143: is forgotten when it did not come between two generations' ends, and not before", () => {
    const recent = new Recent<number>(1_000);
    recent.set("an address", 1);
    recent.age();
    expect(recent.get("an address")).toBe(1);
    recent.set("another", 2);
    recent.age();
    expect(recent.get("an address")).toBeUndefined();
    expect(recent.get("another")).toBe(2);
  });

  it("S143, S64: forgetting networks gives none of them more pages in its minute", () => {
    const site = { ...OPEN_SITE, limits: { ...OPEN_SITE.limits, newPagesAMinute: 1 } };
    const pages = new NewPages();
    pages.take(site, "a", "192.0.2.7", 0);
    pages.age();
    expect(() => pages.take(site, "b", "192.0.2.7", 1)).toThrow(/pages_too_fast/);
  });

  it("S143: networks of wrong tokens are forgotten though nobody comes after them", () => {
    const wrong = new WrongTokens();
    wrong.fail("192.0.2.7", 100_000);
    expect(wrong.forget(130_000)).toBe(false);
    expect(wrong.forget(190_000)).toBe(false);
    expect(wrong.forget(250_000)).toBe(true);
  });
});
