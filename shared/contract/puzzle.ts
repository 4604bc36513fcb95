/**
 * The puzzle that new voters are asked for while many come: a proof of work in the form of ALTCHA's version 2
 * (https://altcha.org/docs/v2/). Count up from 0; append the counter, 4 bytes with the highest first, to `nonce`; derive a
 * key from that with PBKDF2-SHA-256, `salt` and `cost` rounds. The first key that begins with `keyPrefix` is the solution.
 */
import { isObject } from "./object.ts";

/** What is to be solved. Bytes are written in hexadecimal digits. */
export interface PuzzleParameters {
  readonly algorithm: "PBKDF2/SHA-256";
  /** 16 bytes each. */
  readonly nonce: string;
  readonly salt: string;
  /** Rounds of PBKDF2 for one try. */
  readonly cost: number;
  /** Bytes of the key. */
  readonly keyLength: number;
  readonly keyPrefix: string;
  /** By which the service knows the right key without deriving it again. */
  readonly keySignature: string;
  /** The site that it is good for, and until when: Unix milliseconds by Redis's clock. */
  readonly data: { readonly site: string; readonly until: number };
}

/** A puzzle, signed by the service: it keeps no list of those that it gave out. */
export interface Puzzle {
  readonly parameters: PuzzleParameters;
  readonly signature: string;
}

/** A puzzle and its solution; good for one new voter. */
export interface PuzzleSolution extends Puzzle {
  readonly counter: number;
  /** The key of that counter. */
  readonly derivedKey: string;
}

/** Whoever is asked for more does not deal with this service: thousands of times what a phone does in a second. */
const COST_MAX = 1_000_000;

/** A puzzle from outside; undefined when it has another shape. */
export function parsePuzzle(value: unknown): Puzzle | undefined {
  if (!isObject(value) || !isHex(value.signature)) return undefined;
  const parameters = parseParameters(value.parameters);
  return parameters && { parameters, signature: value.signature };
}

/** A solution from outside; undefined when it has another shape. */
export function parseSolution(value: unknown): PuzzleSolution | undefined {
  const puzzle = parsePuzzle(value);
  if (puzzle === undefined || !isObject(value)) return undefined;
  const { counter, derivedKey } = value;
  return isCount(counter) && isHex(derivedKey) ? { ...puzzle, counter, derivedKey } : undefined;
}

function parseParameters(value: unknown): PuzzleParameters | undefined {
  if (!isObject(value) || !isObject(value.data)) return undefined;
  const { algorithm, nonce, salt, cost, keyLength, keyPrefix, keySignature } = value;
  const { site, until } = value.data;
  if (algorithm !== "PBKDF2/SHA-256" || typeof site !== "string" || !isCount(until)) return undefined;
  if (!isHex(nonce) || !isHex(salt) || !isHex(keyPrefix) || !isHex(keySignature)) return undefined;
  if (!isCount(cost) || cost === 0 || cost > COST_MAX) return undefined;
  if (!isCount(keyLength) || keyLength < 16 || keyLength > 64) return undefined;
  return { algorithm, nonce, salt, cost, keyLength, keyPrefix, keySignature, data: { site, until } };
}

function isHex(value: unknown): value is string {
  return typeof value === "string" && /^(?:[0-9a-f]{2}){1,64}$/.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
