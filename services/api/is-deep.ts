/** Deepest that any route's body is; what is deeper could only be sent to exhaust the stack of whoever walks through it. */
const DEPTH_MAX = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([..."[{"].map((character) => character.charCodeAt(0)));
const CLOSING = new Set([..."]}"].map((character) => character.charCodeAt(0)));

/** Whether a text in JSON is nested more deeply than any route's body. Of a text that is not JSON it says something or other. */
export function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (CLOSING.has(character)) depth--;
    else if (OPENING.has(character) && ++depth > DEPTH_MAX) return true;
  }
  return false;
}

/** Where the string ends that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
