/** Verifies one site's account tokens: JWTs (RFC 7519) that its publisher signed. */
import { createHash, type KeyObject } from "node:crypto";
import { decodeProtectedHeader, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { Refusal } from "../contract/problems.ts";
import { openAccountKey } from "../runtime/account-key.ts";
import type { AccountRule } from "../runtime/voter-rule.ts";
import { KeysAwayError, PublishedKeys } from "./published-keys.ts";
import { Recent } from "./recent.ts";

/** Tokens remembered, by digest: some 200 bytes each. */
const KNOWN_MAX = 20_000;

/** How long a token is remembered at most, ms: what a withdrawn key signed ends soon, whatever the token's own end. */
const KNOWN_MS_MAX = 300_000;

/** Longest `sub`, as OpenID Connect has it. */
const SUBJECT_LENGTH_MAX = 255;

/** Seconds after which it makes sense to ask for keys again. */
const RETRY_S = 5;

interface KnownToken {
  readonly id: string;
  readonly until_ms: number;
}

interface OpenedKey {
  readonly algorithm: string;
  readonly kid: string | undefined;
  readonly key: KeyObject;
}

export class AccountTokens {
  readonly #rule: AccountRule;
  readonly #keys: readonly OpenedKey[];
  readonly #published: PublishedKeys | undefined;
  readonly #nameOf: (subject: string) => string;
  readonly #known = new Recent<KnownToken>(KNOWN_MAX);

  /**
   * @param nameOf what a subject is called from here on: nothing keeps the subject itself
   * @param jwksPrivate whether keys may be fetched from private networks
   * @param onAway hears why published keys could not be fetched
   */
  constructor(
    rule: AccountRule,
    nameOf: (subject: string) => string,
    jwksPrivate: boolean,
    onAway: (reason: string) => void,
  ) {
    this.#rule = rule;
    this.#nameOf = nameOf;
    this.#keys = rule.keys.flatMap(({ algorithm, kid, ...form }) => {
      const key = openAccountKey({ algorithm, ...form });
      return key === undefined ? [] : [{ algorithm, kid, key }];
    });
    this.#published = rule.jwks && new PublishedKeys(rule.jwks.url, jwksPrivate, onAway);
  }

  /**
   * The name of the account that a token is of. A token that was seen lately costs a hash.
   * @param now_ms Unix ms
   * @throws Refusal `account_invalid`, `account_expired` or `accounts_unavailable`
   */
  async identify(token: string, now_ms: number): Promise<string> {
    const digest = createHash("sha256").update(token).digest("base64url");
    const known = this.#known.get(digest);
    if (known !== undefined && now_ms < known.until_ms) return known.id;
    const { subject, ends_ms } = await this.#verify(token, now_ms);
    const id = this.#nameOf(subject);
    this.#known.set(digest, { id, until_ms: Math.min(ends_ms, now_ms + KNOWN_MS_MAX) });
    return id;
  }

  /** Forgets the tokens that were not verified anew since the last time. */
  age(): void {
    this.#known.age();
  }

  async #verify(token: string, now_ms: number): Promise<{ subject: string; ends_ms: number }> {
    const { audience, issuer, clockSkewSeconds } = this.#rule;
    let fault: unknown = new errors.JWKSNoMatchingKey();
    for (const { algorithm, find } of this.#candidates(token)) {
      try {
        const { payload } = await jwtVerify(token, find, {
          algorithms: [algorithm],
          audience,
          ...(issuer === undefined ? {} : { issuer }),
          clockTolerance: clockSkewSeconds,
          currentDate: new Date(now_ms),
          requiredClaims: ["exp", "sub"],
        });
        const { sub: subject, exp = 0 } = payload;
        if (typeof subject !== "string" || subject === "" || subject.length > SUBJECT_LENGTH_MAX)
          throw new Refusal("account_invalid", `sub is text of 1 to ${SUBJECT_LENGTH_MAX} characters.`);
        return { subject, ends_ms: (exp + clockSkewSeconds) * 1_000 };
      } catch (error) {
        fault = error;
        // Of several keys the next may be the one that signed it.
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
      }
    }
    throw this.#refusalOf(fault);
  }

  /** Keys that may have signed a token, by what it says of itself: each with the one algorithm that it is for. */
  #candidates(token: string): readonly { readonly algorithm: string; readonly find: JWTVerifyGetKey }[] {
    const { alg, kid } = headerOf(token);
    const written = this.#keys.filter(
      (key) => key.algorithm === alg && (kid === undefined || key.kid === undefined || key.kid === kid),
    );
    const candidates = written.map(({ algorithm, key }) => ({ algorithm, find: async () => key }));
    const published = this.#published;
    if (published === undefined || alg === undefined || !this.#rule.jwks?.algorithms.includes(alg))
      return candidates;
    return [...candidates, { algorithm: alg, find: published.find }];
  }

  #refusalOf(fault: unknown): Refusal {
    if (fault instanceof Refusal) return fault;
    const unknown = fault instanceof errors.JWKSNoMatchingKey;
    if (fault instanceof KeysAwayError || (unknown && this.#published?.away === true))
      return new Refusal("accounts_unavailable", undefined, RETRY_S);
    if (fault instanceof errors.JWTExpired) return new Refusal("account_expired");
    return new Refusal("account_invalid", detailOf(fault));
  }
}

function headerOf(token: string): { readonly alg?: string | undefined; readonly kid?: string | undefined } {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    return { alg, kid };
  } catch {
    throw new Refusal("account_invalid", "The token is no JWT.");
  }
}

/** What helps a publisher and no forger: claims are checked once the signature is right. */
function detailOf(fault: unknown): string | undefined {
  if (fault instanceof errors.JWTClaimValidationFailed)
    return `The claim ${fault.claim} is missing or wrong.`;
  if (fault instanceof errors.JWKSNoMatchingKey) return "No key fits the token's alg and kid.";
  if (fault instanceof errors.JWKSMultipleMatchingKeys)
    return "Several keys fit: the token has to name one (kid).";
  return undefined;
}
