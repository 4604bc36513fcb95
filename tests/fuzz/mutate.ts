/** Bends text a little: what coverage-guided fuzzing makes its next inputs of. */
import type { Random } from "../faults/rig/random.ts";

const LENGTH_MAX = 4_000;

/** What parsers look for, and what trips them. */
const PIECES = [
  ...[
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ".",
    "=",
    "%",
    "\\",
    "\n",
    " ",
    "-",
    "0",
    "1e999",
    "-0",
    "null",
    "true",
  ],
  ...[
    "\u0000",
    "\ud800",
    "\u2028",
    "é",
    "日",
    "👍",
    "__proto__",
    "constructor",
    "default",
    "great",
    "v1.",
    "a1.",
  ],
  ...[
    "9007199254740993",
    "2026-01-01T00:00:00Z",
    "::ffff:127.0.0.1",
    "fe80::1%eth0",
    '{"__proto__":{"x":1}}',
  ],
];

/** One to four changes to `text`, some of them with pieces of `other`. */
export function mutate(text: string, other: string, random: Random): string {
  let bent = text;
  for (let changes = 1 + random.below(4); changes > 0; changes--) bent = changeOnce(bent, other, random);
  return bent.slice(0, LENGTH_MAX);
}

function changeOnce(text: string, other: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = random.below(1 + Math.min(30, text.length - at));
  const [head, cut, tail] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
  const from = random.below(other.length + 1);
  return random.pick([
    () => head + tail,
    () => head + cut + cut + tail,
    () => head + random.pick(PIECES) + cut + tail,
    () => head + random.pick(PIECES) + tail,
    () => head + String.fromCharCode(random.below(random.chance(0.5) ? 128 : 65_536)) + text.slice(at + 1),
    () => head + other.slice(from, from + random.below(60)) + tail,
    () => head + other.slice(from),
    () => head + cut.repeat(1 + random.below(40)) + tail,
  ])();
}
