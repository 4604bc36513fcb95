/** Colours by reaction: those of the bar under the articles, so that a reader's red is an editor's red. */
import { type EachDefault, ofDefault } from "../../../shared/contract/reactions.ts";

const KNOWN: EachDefault<string> = ["#e0315f", "#1c7ed6", "#e8590c", "#e6a700"];

/** For reactions that a site made up, in the order in which they come. */
const OTHERS = ["#7048e8", "#2b8a3e", "#0c8599", "#9c36b5", "#5c940d", "#a0522d", "#495fb0", "#868e96"];

/** For what is about no reaction; fits both themes. */
export const PLAIN = "#7c5cf0";

/** The colour of each reaction of a set. */
export function coloursOf(reactions: readonly string[]): ReadonlyMap<string, string> {
  let others = 0;
  return new Map(
    reactions.map((reaction) => {
      const known = ofDefault(KNOWN, reaction);
      return [reaction, known ?? OTHERS[others++ % OTHERS.length] ?? "#868e96"];
    }),
  );
}
