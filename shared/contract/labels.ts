/** What a site calls its reactions, for people. Browser-safe. */
import { isObject } from "./object.ts";

/** Labels by BCP 47 tag (in canonical form), then by reaction. Plain text: whoever shows one escapes it. */
export type Labels = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Answer of `GET /v1/sites/{site}/reactions`. */
export interface SiteReactions {
  /** Names, in the order in which bars draw them. */
  readonly reactions: readonly string[];
  readonly labels: Labels;
}

/** A button has little room. */
export const LABEL_CHARACTERS_MAX = 40;

export const LANGUAGES_MAX = 50;

/**
 * The label of a reaction for a reader of `tag`: in that language, less and less of its tag (RFC 4647, 3.4); else in English;
 * else in the first language that has one; undefined when the site has none at all.
 */
export function labelIn(labels: Labels | undefined, tag: string, reaction: string): string | undefined {
  if (labels === undefined) return undefined;
  const found = (language: string): string | undefined => {
    const words = Object.hasOwn(labels, language) ? labels[language] : undefined;
    return words !== undefined && Object.hasOwn(words, reaction) ? words[reaction] : undefined;
  };
  const parts = tag.split("-");
  for (let length = parts.length; length > 0; length--) {
    const label = found(parts.slice(0, length).join("-"));
    if (label !== undefined) return label;
  }
  for (const language of ["en", ...Object.keys(labels)]) {
    const label = found(language);
    if (label !== undefined) return label;
  }
  return undefined;
}

/** A site's labels from outside; what is not well formed is left out. */
export function parseLabels(value: unknown): Labels {
  if (!isObject(value) || !isObject(value.labels)) return {};
  const languages = Object.entries(value.labels).map(([tag, words]) => {
    const texts = Object.entries(isObject(words) ? words : {});
    const good = texts.filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return [tag, Object.fromEntries(good)] as const;
  });
  return Object.fromEntries(languages);
}
