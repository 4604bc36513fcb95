import { describe, expect, it } from "vitest";
import { isPageId } from "../../shared/contract/page-id.ts";

describe("page ids", () => {
  it("C6: takes any text of 1 to 512 bytes", () => {
    const good = [
      "a",
      " ",
      "x".repeat(512),
      "é".repeat(256),
      "https://news.example/a?b=c#d",
      "}{",
      "일면",
      "👍".repeat(128),
    ];
    for (const page of good) expect(isPageId(page), page).toBe(true);
  });

  it("S2: refuses what is no page id", () => {
    const bad = [
      "",
      "x".repeat(513),
      "é".repeat(257),
      "a\nb",
      "a\u0000",
      "\u007f",
      "\u0085",
      "\u2028",
      "\ud800",
      "a\udc00b",
    ];
    for (const page of [...bad, "__proto__", 7, null, undefined, {}, ["a"]])
      expect(isPageId(page), String(page)).toBe(false);
  });
});
