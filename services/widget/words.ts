/** The words of the bar, by language. Every language but English is a file of its own, loaded when a reader needs it. */
import en from "./locales/en.ts";
import { loadLocale } from "./locales/load-locale.ts";
import type { Locale } from "./locales/locale.ts";

const LANGUAGES = "ar de es fr he hi id it ja ko pl pt tr uk vi zh-Hans zh-Hant".split(" ");

/** Words and number formats for one reader. */
export interface Words {
  readonly locale: Locale;
  /** BCP 47 tag that the words and numbers are in. */
  readonly tag: string;
}

/** Until others are loaded, and for languages that nobody has translated. */
export const ENGLISH: Words = { locale: en, tag: "en" };

/**
 * The language that fits a BCP 47 tag best: `zh-TW` → `zh-Hant`, `pt-BR` → `pt`; `en` when none fits.
 */
export function matchLocale(tag: string): string {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return LANGUAGES.find((name) => name === language || name === `${language}-${script}`) ?? "en";
  } catch {
    return "en";
  }
}

/** Loads the words for a BCP 47 tag; English when they cannot be had. */
export async function loadWords(tag: string): Promise<Words> {
  const name = matchLocale(tag);
  try {
    if (name !== "en") return { locale: (await loadLocale(name.toLowerCase())).default, tag };
  } catch {}
  return ENGLISH;
}

/** A number for eyes in little room: 1.2만, 12K; nothing for no number. */
export function short({ tag }: Words, n: number | undefined): string {
  if (n === undefined) return "";
  return new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 }).format(n);
}
