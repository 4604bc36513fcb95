/** Our own drawings, on a grid of 24 with strokes of 1.8: crisp from 16 to 48 px. */
const FACE = "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z";

const ICONS: Readonly<Record<string, readonly string[] | undefined>> = {
  great: ["M12 20l-7-7a5 5 0 0 1 7-7a5 5 0 0 1 7 7z"],
  sad: [FACE, "M9 9v1m6-1v1M8.6 16.5q3.4-3 6.8 0", "M17.5 12q3 4 0 4q-3 0 0-4z"],
  angry: [FACE, "M7 8l4 2m6-2l-4 2M9 12v1m6-1v1M8.6 17q3.4-3 6.8 0"],
  recommend: ["M12 3l3 6l6 1l-4 4l1 6l-6-3l-6 3l1-6l-4-4l6-1z"],
};

/** A speech bubble serves all that a site made up. */
const OTHER = ["M4 5h16v12h-9l-4 4v-4h-3z"];

/** The paths for a reaction. */
export function pathsOf(reaction: string): readonly string[] {
  return ICONS[reaction] ?? OTHER;
}
