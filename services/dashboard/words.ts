/** The viewer's language: words, numbers and times. Every language but English is a file that loads when it is needed. */
import { signal } from "@preact/signals";
import { ofDefault } from "../../shared/contract/reactions.ts";
import { forThisBrowser, keep, kept } from "./keep.ts";
import en from "./locales/en.ts";
import type { Messages } from "./messages.ts";
import { fill, type Phrases, phrase } from "./phrase.ts";
import { siteLabel } from "./site-labels.ts";

/** Names of the files in `locales`, put here by the build. */
declare const LOCALES: readonly string[];
declare const LOCALES_HASH: string;

const current = signal<{ readonly tag: string; readonly messages: Messages }>({ tag: "en", messages: en });

/** All languages there are, as BCP 47 tags. */
export const LANGUAGES: readonly string[] = LOCALES;

/** All that is said, in the viewer's language. */
export function words(): Messages {
  return current.value.messages;
}

/** BCP 47 tag of it; numbers and dates follow. */
export function tag(): string {
  return current.value.tag;
}

/** A counted phrase. */
export function counted(phrases: Phrases, n: number): string {
  return phrase(tag(), phrases, n);
}

/** A sentence with its blanks filled. */
export function sentence(template: string, values: Readonly<Record<string, string>>): string {
  return fill(template, values);
}

/** A reaction's name as people say it; one that a site made up as the site calls it. */
export function reactionName(reaction: string): string {
  return ofDefault(words().reactions, reaction) ?? siteLabel(tag(), reaction) ?? reaction;
}

/** Speaks this language from now on, and next time. English when it cannot be loaded. */
export async function speak(chosen: string): Promise<void> {
  keep(forThisBrowser, "language", chosen);
  try {
    if (chosen === "en" || !LANGUAGES.includes(chosen)) throw new Error("English is here already");
    const loaded: { default: Messages } = await import(
      new URL(`${chosen}-${LOCALES_HASH}.js`, import.meta.url).href
    );
    current.value = { tag: chosen, messages: loaded.default };
  } catch {
    current.value = { tag: "en", messages: en };
  }
  document.documentElement.lang = current.value.tag;
}

/** The language chosen last, or the browser's first one that we speak. */
export function wantedLanguage(): string {
  const wanted = [kept(forThisBrowser, "language"), ...navigator.languages];
  for (const one of wanted) {
    const [language] = (one ?? "").split("-");
    if (language !== undefined && LANGUAGES.includes(language)) return language;
  }
  return "en";
}
