/** Puzzles of a service, their solutions, and solutions that are nearly right. */
import fc from "fast-check";
import { askWithSolution } from "../../shared/client/solve-puzzle.ts";
import { isObject } from "../../shared/contract/object.ts";
import { type PuzzleSolution, parseSolution } from "../../shared/contract/puzzle.ts";

/**
 * Asks for a new voter where each has to solve a puzzle, and solves it.
 * @param url of a site's voters
 */
export async function solveOne(url: string): Promise<PuzzleSolution> {
  const refused: unknown = await (await fetch(url, { method: "POST" })).json();
  const sent = await askWithSolution(async (body) => body, new Error("asked", { cause: refused }));
  const solution = isObject(sent) ? parseSolution(sent.solution) : undefined;
  if (solution === undefined) throw new Error("no puzzle was asked for");
  return solution;
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    "",
    "00",
    "0".repeat(128),
    "0".repeat(130),
    "XYZ",
    null,
    -1,
    0,
    1e308,
    2 ** 53,
    [],
    {},
  ),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), maxLength: 64 }),
  fc.jsonValue({ maxDepth: 1 }),
);

const FIELDS = [
  ["signature"],
  ["counter"],
  ["derivedKey"],
  ["parameters"],
  ...["algorithm", "nonce", "salt", "cost", "keyLength", "keyPrefix", "keySignature", "data"].map((name) => [
    "parameters",
    name,
  ]),
  ["parameters", "data", "site"],
  ["parameters", "data", "until"],
  ["parameters", "data", "more"],
];

/** What is done to one field. */
type Bend = readonly [field: readonly string[], how: "gone" | "odd" | "near" | "swapped", odd: unknown];

/** @param solved solutions to begin with; those that are added later are drawn, too */
export function solutionInputs(solved: readonly PuzzleSolution[]): fc.Arbitrary<unknown> {
  const bends = fc.array(
    fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom<Bend[1]>("gone", "odd", "near", "swapped"), odd),
    { maxLength: 2 },
  );
  return fc.oneof(
    {
      arbitrary: fc.tuple(fc.nat(), fc.nat(), bends).map(([which, other, changes]) => {
        const [solution, another] = [solved[which % solved.length], solved[other % solved.length]];
        return changes.reduce<unknown>((bent, change) => bend(bent, another, change), solution);
      }),
      weight: 12,
    },
    { arbitrary: odd, weight: 1 },
  );
}

function bend(value: unknown, other: unknown, [[name = "", ...rest], how, odd]: Bend): unknown {
  if (!isObject(value)) return value;
  const [own, others] = [value[name], isObject(other) ? other[name] : undefined];
  if (rest.length > 0) return { ...value, [name]: bend(own, others, [rest, how, odd]) };
  if (how === "near") return { ...value, [name]: near(own) };
  return { ...value, [name]: how === "gone" ? undefined : how === "odd" ? odd : others };
}

/** The number beside it, or text with another last digit. */
function near(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value !== "string") return value;
  return value.slice(0, -1) + (value.endsWith("0") ? "1" : "0");
}
