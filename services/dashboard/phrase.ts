/** Phrases with blanks, as a language fills them. */

/** By plural category (CLDR); `{n}` stands for the number. */
export type Phrases = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** A phrase with its number: `1,234 votes`, `1,234표`. */
export function phrase(tag: string, phrases: Phrases, n: number): string {
  const form = phrases[new Intl.PluralRules(tag).select(n)] ?? phrases.other;
  return fill(form, { n: new Intl.NumberFormat(tag).format(n) });
}

/** Fills `{name}` with its value; a blank without a value stays as it is. Values are text and stay text. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (blank, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? blank) : blank,
  );
}
