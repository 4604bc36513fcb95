import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import en from "../../services/widget/locales/en.ts";
import sentences from "../../services/widget/locales/en-sentences.ts";
import type { Names, Phrases, Sentences } from "../../services/widget/locales/locale.ts";
import { phrase } from "../../services/widget/phrase.ts";
import { matchLocale } from "../../services/widget/words.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";

const folder = new URL("../../services/widget/locales/", import.meta.url);
const files = readdirSync(folder).filter(
  (file) => !/^(?:en|en-sentences|locale|load-locale)\.ts$/.test(file),
);
const all = new Map<string, Names & Sentences>([["en", { ...en, ...sentences }]]);
for (const file of files) {
  const loaded: { default: Names & Sentences } = await import(new URL(file, folder).href);
  all.set(file.replace(".ts", ""), loaded.default);
}

/** Every string of a locale. */
function strings(value: unknown): readonly string[] {
  return typeof value === "string" ? [value] : Object.values(value ?? {}).flatMap(strings);
}

describe("the languages of the bar", () => {
  it("P23: are eighteen, each with all words", () => {
    expect([...all.keys()].sort()).toEqual(
      "ar de en es fr he hi id it ja ko pl pt tr uk vi zh-hans zh-hant".split(" "),
    );
    for (const locale of all.values()) {
      expect(Object.keys({ ...locale, direction: "" }).sort()).toEqual(
        Object.keys({ ...en, ...sentences, direction: "" }).sort(),
      );
      expect(locale.labels).toHaveLength(DEFAULT_REACTIONS.length);
      expect(strings(locale).filter((text) => text.trim() === "")).toEqual([]);
    }
  });

  it("P23: have a phrase for every plural category, and the number in each", () => {
    for (const [name, { votes, total }] of all) {
      const { pluralCategories } = new Intl.PluralRules(name).resolvedOptions();
      for (const phrases of [votes, total] satisfies Phrases[]) {
        expect(Object.keys(phrases), name).toEqual(expect.arrayContaining(pluralCategories));
        for (const form of Object.values(phrases)) expect(form).toContain("{n}");
      }
    }
  });

  it("P23: are found by tag", () => {
    const found = ["zh-TW", "zh", "zh-HK", "pt-BR", "KO-kr", "iw", "in", "ar-EG", "no", "", "x y"].map(
      matchLocale,
    );
    expect(found).toEqual(["zh-Hant", "zh-Hans", "zh-Hant", "pt", "ko", "he", "id", "ar", "en", "en", "en"]);
  });

  it("P23: count with the words of the language", () => {
    const ko = all.get("ko");
    expect(ko && phrase("ko", ko.votes, 12_345)).toBe("12,345개");
    const pl = all.get("pl");
    expect(pl && [1, 3, 12].map((n) => phrase("pl", pl.votes, n))).toEqual([
      "1 głos",
      "3 głosy",
      "12 głosów",
    ]);
  });
});
