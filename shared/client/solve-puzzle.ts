/** Solves the puzzle that a new voter is asked for; loaded only when one is. Takes a moment of a processor, in a worker where there are any. */
import { isObject } from "../contract/object.ts";
import { type Puzzle, type PuzzleParameters, type PuzzleSolution, parsePuzzle } from "../contract/puzzle.ts";

type Found = Pick<PuzzleSolution, "counter" | "derivedKey">;

/** A second one is for whoever let the first grow too old. */
const PUZZLES_MAX = 2;

/**
 * Asks again with the solution.
 * @param ask sends a request's body
 * @param refused what was thrown when it was asked without
 * @throws ServiceError what is said now, or `refused` when there is no puzzle in it
 */
export async function askWithSolution(
  ask: (body: object) => Promise<unknown>,
  refused: unknown,
  left = PUZZLES_MAX,
): Promise<unknown> {
  const problem = refused instanceof Error ? refused.cause : undefined;
  const puzzle = isObject(problem) ? parsePuzzle(problem.puzzle) : undefined;
  if (puzzle === undefined || left === 0) throw refused;
  const solution: PuzzleSolution = { ...puzzle, ...(await find(puzzle)) };
  return await ask({ solution }).catch((error) => askWithSolution(ask, error, left - 1));
}

async function find({ parameters }: Puzzle): Promise<Found> {
  // Node, and pages whose policy allows no worker, do it here: the deriving itself is off this thread anyway.
  return await findInWorker(parameters).catch(() => search(parameters));
}

/** The worker's script is the text of `search`: a page may start no worker from a file of another origin. */
async function findInWorker(parameters: PuzzleParameters): Promise<Found> {
  const script = `onmessage=({data})=>(${search})(data).then(postMessage)`;
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  let worker: Worker | undefined;
  try {
    // Throws where there are no workers, and where a policy of Trusted Types guards them.
    const made = new Worker(address);
    worker = made;
    return await new Promise<Found>((resolve, reject) => {
      made.onmessage = ({ data }) => resolve(data);
      // A policy that allows none is told this way.
      made.onerror = reject;
      made.postMessage(parameters);
    });
  } finally {
    worker?.terminate();
    URL.revokeObjectURL(address);
  }
}

/** Stands on its own, because its text is all that a worker gets. */
async function search({ nonce, salt, cost, keyLength, keyPrefix }: PuzzleParameters): Promise<Found> {
  const bytes = (hex: string) =>
    Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
      Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
    );
  const { subtle } = crypto;
  const begin = bytes(nonce);
  const password = new Uint8Array(begin.length + 4);
  password.set(begin);
  const view = new DataView(password.buffer);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; ; counter++) {
    view.setUint32(begin.length, counter);
    const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derived = new Uint8Array(await subtle.deriveBits(how, key, keyLength * 8));
    const derivedKey = Array.from(derived, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
}
