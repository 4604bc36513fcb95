/**
 * The reactions a reader can press. This is the only file that knows their names (a test holds all others to it): everything
 * behind the API works with the index of a reaction in its site's set, and a voter's record holds that index; words, colours and
 * drawings of the default reactions stand in their order.
 */

/** The set of a site that chose none of its own, in the order in which bars draw it. */
export const DEFAULT_REACTIONS = ["great", "sad", "angry", "recommend"] as const;

/** A site may choose at most this many; the index must fit the four bits it has in a record. */
export const MAX_REACTIONS = 8;

/** Names of a site's reactions; a reaction's index in this list is what Redis keeps. */
export type ReactionSet = readonly string[];

/** One thing for each of the default reactions, in their order. */
export type EachDefault<Thing> = Each<typeof DEFAULT_REACTIONS, Thing>;
type Each<Names extends ReactionSet, Thing> = { readonly [Place in keyof Names]: Thing };

/** The one of `things` that belongs to `reaction`; undefined for a reaction that some site made up. */
export function ofDefault<Thing>(things: EachDefault<Thing>, reaction: string): Thing | undefined {
  const set: ReactionSet = DEFAULT_REACTIONS;
  return things[set.indexOf(reaction)];
}

/** Lower-case words joined by hyphens, 1 to 32 characters: safe as a JSON key, an attribute and a metric label. */
const REACTION_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Whether `value` can be the name of a reaction of some site. */
export function isReactionName(value: unknown): value is string {
  // Clients keep counts and labels in plain objects by name; this one name would reach the prototype of theirs.
  if (value === "constructor") return false;
  return typeof value === "string" && value.length <= 32 && REACTION_NAME.test(value);
}
