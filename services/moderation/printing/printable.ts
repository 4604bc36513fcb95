/**
 * Page ids, titles and reasons come from outside. Printed raw, a control character or an escape sequence in them could
 * move the cursor, change the title of the window or hide what is written; marks of direction could turn a line around.
 */

/** Controls (C0, DEL, C1), format characters such as marks of direction, line and paragraph separators, halves of pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** The text with everything that a terminal might act on written as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** A value as JSON on one line, safe to print. */
export function printableJson(value: unknown): string {
  return escapeUnprintable(JSON.stringify(value));
}

/** JSON text in which what JSON itself leaves raw (DEL, C1, marks of direction) is escaped too; line breaks stay. */
export function escapeUnprintable(json: string): string {
  return json.replace(UNPRINTABLE, (character) =>
    character === "\n"
      ? character
      : [...Array(character.length).keys()]
          .map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`)
          .join(""),
  );
}
