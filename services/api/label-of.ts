import { labelIn } from "../../shared/contract/labels.ts";
import type { Site } from "../../shared/runtime/sites.ts";

/** What people call a reaction. */
export type LabelOf = (reaction: string) => string;

/** The site's own label, or the name. @param lang a language tag */
export function labelOf({ labels }: Pick<Site, "labels">, lang = "en"): LabelOf {
  return (reaction) => labelIn(labels, lang, reaction) ?? reaction;
}
