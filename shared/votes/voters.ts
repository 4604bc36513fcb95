/**
 * Anonymous voters: tokens that only we can have made, and the pseudonym under which Redis knows a voter on a page.
 *
 * A token is `a1.<key id>.<voter id>.<signature>`: 128 random bits, and the first 128 bits of an HMAC-SHA-256 over the
 * site and the rest (RFC 2104 allows truncation to half). The key id lets the secret be replaced without logging anybody out.
 */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { isVoterToken } from "../contract/voter-token.ts";
import type { SecretKey } from "../runtime/parse-secrets.ts";
import { Recent } from "./recent.ts";

/** Voters remembered by token; most presses come from those who pressed before. */
const KNOWN_MAX = 20_000;

/** Identity of a voter within a site: the random part of the token, or an account's name (accounts.ts). */
export type VoterId = string;

/** One voter of a site, and the names under which Redis may know them. */
export class Voter {
  /**
   * The voter's name on the whole site, from which the pseudonyms on its pages follow: `v1.` and 256 bits. It tells nothing
   * of the token. Redis holds it only of voters whom an order names.
   */
  readonly handle: string;
  /** 24 bits of it, evenly spread: under which the voter's votes on all pages may be counted. */
  readonly number: number;
  #page: string | undefined;
  #pseudonym = "";

  constructor(handle: string) {
    this.handle = handle;
    this.number = Buffer.from(handle.slice(3, 7), "base64url").readUIntBE(0, 3);
  }

  /** The voter's name on one page. The last one is remembered: who presses again presses on the same page. */
  on(page: string): string {
    if (page !== this.#page) {
      this.#pseudonym = pseudonymOf(this.handle, page);
      this.#page = page;
    }
    return this.#pseudonym;
  }
}

export class Voters {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #signingId: string;
  readonly #pseudonymKey: Buffer;
  readonly #known = new Recent<Voter>(KNOWN_MAX);

  /**
   * @param secrets the first signs, all verify
   * @param nameSecret keys the pseudonyms and so must stay; else the oldest of the others does
   */
  constructor(secrets: readonly SecretKey[], nameSecret = secrets.at(-1)?.secret) {
    const [first] = secrets;
    if (first === undefined || nameSecret === undefined)
      throw new RangeError("at least one secret is needed");
    this.#keys = new Map(secrets.map(({ id, secret }) => [id, deriveKey(secret, "voter token")]));
    this.#signingId = first.id;
    this.#pseudonymKey = deriveKey(nameSecret, "voter pseudonym");
  }

  /** A new voter of a site. */
  issue(site: string): { readonly voter: Voter; readonly token: string } {
    const id = randomBytes(16).toString("base64url");
    const key = this.#keys.get(this.#signingId);
    if (key === undefined) throw new Error("the signing key is one of the keys");
    return {
      voter: this.named(site, id),
      token: `a1.${this.#signingId}.${id}.${sign(key, site, this.#signingId, id)}`,
    };
  }

  /** Whose token this is; undefined when this service did not make it for this site. */
  verify(site: string, token: string): Voter | undefined {
    const name = `${site} ${token}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (!isVoterToken(token)) return undefined;
    const [, keyId = "", id = "", signature = ""] = token.split(".");
    const key = this.#keys.get(keyId);
    if (key === undefined) return undefined;
    if (!timingSafeEqual(Buffer.from(signature), Buffer.from(sign(key, site, keyId, id)))) return undefined;
    const voter = this.named(site, id);
    this.#known.set(name, voter);
    return voter;
  }

  /** Forgets the tokens that were not verified anew since the last time. */
  age(): void {
    this.#known.age();
  }

  /** @param id identity within the site: the random part of a token, or an account's name (accounts.ts) */
  named(site: string, id: VoterId): Voter {
    const digest = createHmac("sha256", this.#pseudonymKey).update(`${site}\n${id}`).digest("base64url");
    return new Voter(`v1.${digest}`);
  }
}

/**
 * The pseudonym on one page of the voter with this handle: 64 bits as 16 hexadecimal digits. Differs on every page, so
 * that nobody who reads Redis can follow a voter around.
 */
export function pseudonymOf(handle: string, page: string): string {
  return createHmac("sha256", handle).update(page).digest("hex").slice(0, 16);
}

function sign(key: Buffer, site: string, keyId: string, id: string): string {
  return createHmac("sha256", key)
    .update(`${site}\n${keyId}\n${id}`)
    .digest()
    .subarray(0, 16)
    .toString("base64url");
}

/** A key for one purpose only (HKDF, RFC 5869). */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `reader-reactions ${purpose}`, 32));
}
