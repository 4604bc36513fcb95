/** What reactions look like: a colour, and drawings of our own on a grid of 24 with strokes of 1.8, crisp from 16 to 48 px. */
import { type EachDefault, ofDefault } from "../../shared/contract/reactions.ts";

/** A colour as a CSS value, then the paths of a drawing. */
export type Look = readonly [colour: string, ...paths: readonly string[]];

const FACE = "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z";

const LOOKS: EachDefault<Look> = [
  ["#e0315f", "M12 20l-7-7a5 5 0 0 1 7-7a5 5 0 0 1 7 7z"],
  ["#1c7ed6", FACE, "M9 9v1m6-1v1M8 16.5q3-3 6 0", "M17 12q3 4 0 4q-3 0 0-4z"],
  ["#e8590c", FACE, "M7 8l4 2m6-2l-4 2M9 12v1m6-1v1M8.6 17q3.4-3 6.8 0"],
  ["#e6a700", "M12 3l3 6l6 1l-4 4l1 6l-6-3l-6 3l1-6l-4-4l6-1z"],
];

/** A speech bubble serves all that a site made up. */
const OTHER: Look = ["var(--reactions-accent,#7048e8)", "M4 5h16v12h-9l-4 4v-4h-3z"];

export function lookOf(reaction: string): Look {
  return ofDefault(LOOKS, reaction) ?? OTHER;
}
