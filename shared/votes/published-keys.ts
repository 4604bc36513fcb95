/** A publisher's public keys, from where it shows them (JWKS, RFC 7517): fetched when needed, kept while the publisher is away. */
import { createLocalJWKSet, createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from "jose";
import { isObject } from "../contract/object.ts";
import { fetchSmall } from "../runtime/fetch-small.ts";

/** A dozen large keys with certificates stay below. */
const JWKS_BYTES_MAX = 65_536;

/** A reader waits for this; nobody waits again until `PAUSE_MS` after a failure. */
const FETCH_MS_MAX = 3_000;

/** How soon keys are asked for again after a failure, ms. */
const PAUSE_MS = 5_000;

/** How long after a success a token that names an unknown key has them fetched again, ms: a forger cannot do it more often. */
const UNKNOWN_KEY_PAUSE_MS = 30_000;

/** How old keys may become while the publisher can be reached, ms. */
const AGE_MS_MAX = 600_000;

/** And while it cannot: a key that was withdrawn because it leaked must end some time, though its thief keeps the address down. */
const AWAY_AGE_MS_MAX = 86_400_000;

/** The keys cannot be had; they may be later. */
export class KeysAwayError extends Error {
  override readonly name = "KeysAwayError";
}

export class PublishedKeys {
  readonly #url: string;
  readonly #allowPrivate: boolean;
  readonly #onAway: (reason: string) => void;
  #kept: { readonly text: string; readonly read_ms: number } | undefined;
  #failed_ms = Number.NEGATIVE_INFINITY;
  /** Finds the key of a token for jose. */
  readonly find: JWTVerifyGetKey;

  /** @param onAway hears why keys could not be fetched */
  constructor(url: string, allowPrivate: boolean, onAway: (reason: string) => void) {
    this.#url = url;
    this.#allowPrivate = allowPrivate;
    this.#onAway = onAway;
    this.find = createRemoteJWKSet(new URL(url), {
      timeoutDuration: FETCH_MS_MAX,
      cooldownDuration: UNKNOWN_KEY_PAUSE_MS,
      cacheMaxAge: AGE_MS_MAX,
      [customFetch]: async (_url, { signal }) => new Response(await this.#read(signal)),
    });
  }

  /** Whether the last try to fetch them failed: then a key that is not among them may be a new one. */
  get away(): boolean {
    return this.#failed_ms > (this.#kept?.read_ms ?? Number.NEGATIVE_INFINITY);
  }

  /** The set as text: a fresh one, or the kept one while there is none. */
  async #read(signal: AbortSignal): Promise<string> {
    const now_ms = performance.now();
    try {
      if (now_ms - this.#failed_ms < PAUSE_MS) throw new KeysAwayError("not asked again so soon");
      const text = await fetchSmall(this.#url, JWKS_BYTES_MAX, this.#allowPrivate, signal);
      checkSet(text);
      this.#kept = { text, read_ms: performance.now() };
      return text;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!(error instanceof KeysAwayError)) {
        this.#failed_ms = performance.now();
        this.#onAway(reason);
      }
      if (this.#kept === undefined || now_ms - this.#kept.read_ms > AWAY_AGE_MS_MAX)
        throw new KeysAwayError(reason);
      return this.#kept.text;
    }
  }
}

/** @throws Error when the text is no set of keys: a proxy's error page must not replace what is kept */
function checkSet(text: string): void {
  const set: unknown = JSON.parse(text);
  if (!isObject(set) || !Array.isArray(set.keys)) throw new Error("The answer is no set of keys.");
  createLocalJWKSet({ keys: set.keys });
}
