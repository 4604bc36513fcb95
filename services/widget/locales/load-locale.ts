import type { Locale } from "./locale.ts";

/**
 * Loads the words of one language. In a bundle all languages lie beside each other and carry one hash, so that `widget.js`
 * need not list seventeen names; the build says which.
 */
export async function loadLocale(name: string): Promise<{ readonly default: Locale }> {
  return await import(new URL(`assets/${name}-${LOCALES_HASH}.js`, import.meta.url).href);
}

declare const LOCALES_HASH: string;
