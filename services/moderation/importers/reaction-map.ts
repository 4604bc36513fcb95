/** Which of our reactions a foreign one becomes. */
import { DEFAULT_REACTIONS } from "../../../shared/contract/reactions.ts";
import { UsageError } from "../usage-error.ts";

/** Foreign name → name of one of the site's reactions. */
export type ReactionMap = ReadonlyMap<string, string>;

const [first, second] = DEFAULT_REACTIONS;

/** What `--map` looks like. */
export const EXAMPLE_MAP = `0=${first},1=${second}`;

/**
 * The map that `--map 0=great,1=sad` asks for. A foreign reaction of the same name as one of ours needs no entry.
 * @param reactions the site's
 * @throws UsageError
 */
export function parseReactionMap(text: string | undefined, reactions: readonly string[]): ReactionMap {
  const map = new Map(reactions.map((reaction) => [reaction, reaction]));
  for (const pair of text === undefined ? [] : text.split(",")) {
    const [, theirs, ours] = /^\s*([^=\s]+)\s*=\s*([^=\s]+)\s*$/.exec(pair) ?? [];
    if (theirs === undefined || ours === undefined) {
      throw new UsageError(
        `--map: expected theirs=ours,theirs=ours,… as in ${EXAMPLE_MAP}, got ${JSON.stringify(pair)}`,
      );
    }
    if (!reactions.includes(ours)) {
      throw new UsageError(`--map: this site has ${reactions.join(", ")}, but no ${JSON.stringify(ours)}`);
    }
    map.set(theirs, ours);
  }
  return map;
}
