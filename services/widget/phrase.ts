import type { Phrases } from "./locales/locale.ts";

/** A phrase with its number, as people of the language say it: `1,234 votes`, `1,234개`. */
export function phrase(tag: string, phrases: Phrases, n: number): string {
  const form = phrases[new Intl.PluralRules(tag).select(n)] ?? phrases.other;
  return form.replace("{n}", new Intl.NumberFormat(tag).format(n));
}
