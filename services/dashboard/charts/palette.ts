/** Colours by reaction: those of the bar under the articles, so that a reader's red is an editor's red. */

const KNOWN: Readonly<Record<string, string>> = {
  great: "#e0315f",
  sad: "#1c7ed6",
  angry: "#e8590c",
  recommend: "#e6a700",
};

/** For reactions that a site made up, in the order in which they come. */
const OTHERS = ["#7048e8", "#2b8a3e", "#0c8599", "#9c36b5", "#5c940d", "#a0522d", "#495fb0", "#868e96"];

/** For what is about no reaction; fits both themes. */
export const PLAIN = "#7c5cf0";

/** The colour of each reaction of a set. */
export function coloursOf(reactions: readonly string[]): ReadonlyMap<string, string> {
  let others = 0;
  return new Map(
    reactions.map((reaction) => {
      const known = Object.hasOwn(KNOWN, reaction) ? KNOWN[reaction] : undefined;
      return [reaction, known ?? OTHERS[others++ % OTHERS.length] ?? "#868e96"];
    }),
  );
}
