import { type EachDefault, ofDefault } from "../../shared/contract/reactions.ts";

/** Colours of reactions in pictures: dark enough for text on white. */
const COLOURS: EachDefault<string> = ["#0b7a53", "#2b5fb8", "#b3261e", "#8a5a00"];

/** For reactions of a site's own, by their place. */
const OTHERS = ["#6a3fb5", "#00707e", "#a1337a", "#4d6600", "#0b7a53", "#2b5fb8", "#b3261e", "#8a5a00"];

export function colourOf(reaction: string, index: number): string {
  return ofDefault(COLOURS, reaction) ?? OTHERS[index % OTHERS.length] ?? "#333";
}
