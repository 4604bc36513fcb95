import { describe, expect, it } from "vitest";
import { labelIn, parseLabels } from "../../shared/contract/labels.ts";

const LABELS = { ko: { wow: "와" }, pt: { wow: "Uau" }, "pt-BR": { meh: "Meh" }, en: { wow: "Wow" } };

describe("labels", () => {
  it("S97: a label is found by less and less of a tag, then in English, then in whatever there is", () => {
    expect(labelIn(LABELS, "ko-KR", "wow")).toBe("와");
    expect(labelIn(LABELS, "pt-BR", "wow")).toBe("Uau");
    expect(labelIn(LABELS, "pt-BR", "meh")).toBe("Meh");
    expect(labelIn(LABELS, "de", "wow")).toBe("Wow");
    expect(labelIn(LABELS, "de", "meh")).toBe("Meh");
    expect(labelIn(LABELS, "de", "toString")).toBeUndefined();
    expect(labelIn(LABELS, "__proto__", "constructor")).toBeUndefined();
    expect(labelIn(undefined, "en", "wow")).toBeUndefined();
  });

  it("S97: what is not well formed in an answer is left out", () => {
    for (const bad of [undefined, 1, [], {}, { labels: [] }, { labels: "x" }])
      expect(parseLabels(bad)).toEqual({});
    expect(parseLabels({ labels: { en: { wow: 1, meh: "Meh" }, de: "x" } })).toEqual({
      en: { meh: "Meh" },
      de: {},
    });
  });
});
