/**
 * Puzzles for new voters: made, checked, and each taken once. A puzzle is signed and sent along with its solution, so that
 * nothing is kept of those that nobody solves.
 */
import { hkdfSync } from "node:crypto";
import { createChallenge, randomInt, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { Refusal } from "../contract/problems.ts";
import { type Puzzle, type PuzzleSolution, parsePuzzle, parseSolution } from "../contract/puzzle.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { SecretKey } from "../runtime/parse-secrets.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { Site } from "../runtime/site-settings.ts";
import { before } from "../runtime/within.ts";
import { countNewcomer } from "../tallies/count-newcomers.ts";
import { type PuzzleLevel, puzzleLevel, ROUNDS, TRIES_MAX } from "./puzzle-level.ts";
import { isThisMachine, roughNeighbourhoodIn } from "./source.ts";

/** A phone whose tab went to sleep half-way still gets through. */
const GOOD_FOR_MS = 120_000;

interface Keys {
  /** Signs what is asked. */
  readonly hmacSignatureSecret: string;
  /** Signs the right answer. */
  readonly hmacKeySignatureSecret: string;
}

export class Puzzles {
  /** The first signs. */
  readonly #keys: readonly Keys[];
  readonly #redis: RedisConnection;
  readonly #count: Metrics["puzzles"];
  readonly #now_ms: () => number;

  /**
   * @param secrets the first signs, all verify
   * @param redis a connection that fails fast
   * @param now_ms Redis time
   */
  constructor(
    secrets: readonly SecretKey[],
    redis: RedisConnection,
    metrics: Pick<Metrics, "puzzles">,
    now_ms: () => number,
  ) {
    this.#keys = secrets.map(({ secret }) => ({
      hmacSignatureSecret: derive(secret, "puzzle"),
      hmacKeySignatureSecret: derive(secret, "puzzle solution"),
    }));
    this.#redis = redis;
    this.#count = metrics.puzzles;
    this.#now_ms = now_ms;
  }

  /**
   * Counts a new voter and says how hard a puzzle it has to solve.
   * @param address network address of the reader
   * @param source its hash
   * @param end_ms by `performance.now()`: until then Redis is waited for; later nothing is known of others, and so no reason to ask
   */
  async level(site: Site, address: string, source: number, end_ms: number): Promise<PuzzleLevel> {
    // Whoever tries the service on its own machine is no raid; nor is a site that wants no puzzles counted for them.
    if (site.puzzle === "off" || isThisMachine(address)) return puzzleLevel(site.puzzle, undefined);
    const counted = countNewcomer(this.#redis, site.id, roughNeighbourhoodIn(source), this.#now_ms());
    const heat = await before(end_ms, counted, "Redis did not count a newcomer in time").catch(
      () => undefined,
    );
    return puzzleLevel(site.puzzle, heat);
  }

  /** A puzzle for a new voter of a site. */
  async ask(site: string, level: Exclude<PuzzleLevel, 0>): Promise<Puzzle> {
    const [first] = this.#keys;
    if (first === undefined) throw new RangeError("at least one secret is needed");
    const most = TRIES_MAX[level];
    const challenge = await createChallenge({
      algorithm: "PBKDF2/SHA-256",
      cost: ROUNDS,
      // Known to us, so that the worst case is, too: with a prefix of zeros some readers would search for many seconds.
      counter: randomInt(most / 2, most),
      deriveKey,
      data: { site, until: Math.floor(this.#now_ms()) + GOOD_FOR_MS },
      ...first,
    });
    const puzzle = parsePuzzle(challenge);
    if (puzzle === undefined) throw new Error("altcha-lib made a puzzle of another shape");
    this.#count.inc({ result: "asked" });
    return puzzle;
  }

  /**
   * Takes a solution, once over all processes.
   * @param value unchecked
   * @returns whether it is right, of this site, not too old, and was not used before
   * @throws Refusal `unavailable`: it may be sent again
   */
  async redeem(site: string, value: unknown): Promise<boolean> {
    const solution = parseSolution(value);
    const right = solution !== undefined && (await this.#isRight(site, solution));
    const taken = right && (await this.#take(solution));
    this.#count.inc({ result: taken ? "solved" : "refused" });
    return taken;
  }

  async #isRight(site: string, solution: PuzzleSolution): Promise<boolean> {
    const { parameters, signature, counter, derivedKey } = solution;
    // By Redis's clock, and so not by altcha-lib's `expiresAt`: hosts may disagree about the time.
    if (parameters.data.site !== site || parameters.data.until <= this.#now_ms()) return false;
    const challenge = { parameters: { ...parameters, data: { ...parameters.data } }, signature };
    for (const keys of this.#keys) {
      const { verified } = await verifySolution({
        challenge,
        solution: { counter, derivedKey },
        deriveKey,
        ...keys,
      });
      if (verified) return true;
    }
    return false;
  }

  /** Only right solutions come here, and each is remembered for as long as it would be good: so work bounds the memory. */
  async #take({ signature, parameters }: PuzzleSolution): Promise<boolean> {
    const left_ms = Math.ceil(parameters.data.until - this.#now_ms()) + 1_000;
    const name = `puzzle:${signature}`;
    const reply = await this.#redis.set(name, "1", "PX", Math.max(1_000, left_ms), "NX").catch(() => {
      throw new Refusal("unavailable");
    });
    return reply === "OK";
  }
}

/** A key for one purpose only (HKDF, RFC 5869). */
function derive(secret: string, purpose: string): string {
  return Buffer.from(hkdfSync("sha256", secret, "", `reader-reactions ${purpose}`, 32)).toString("base64url");
}
