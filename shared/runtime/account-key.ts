/** A publisher's key that verifies account tokens, as it is written down. */
import { createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { isObject } from "../contract/object.ts";

/** Of JSON Web Algorithms (RFC 7518, RFC 8037): one with a shared secret, three with public keys. */
export const ACCOUNT_ALGORITHMS = ["HS256", "RS256", "ES256", "EdDSA"] as const;

/** Exactly one of `secret`, `pem` and `jwk` is there. */
export interface AccountKey {
  /** The only one that the key verifies, whatever a token says: a public key never becomes a secret. */
  readonly algorithm: (typeof ACCOUNT_ALGORITHMS)[number];
  /** Tokens that name another key are not tried with it. */
  readonly kid?: string | undefined;
  readonly secret?: string | undefined;
  readonly pem?: string | undefined;
  readonly jwk?: Readonly<Record<string, unknown>> | undefined;
}

/** RFC 7518, section 3.2: as long as the hash. */
const SECRET_BYTES_MIN = 32;

/** RFC 7518, section 3.3. */
const RSA_BITS_MIN = 2_048;

/** Whether a key can be used for its algorithm. */
export function isAccountKey(key: AccountKey): boolean {
  return openAccountKey(key) !== undefined;
}

/** The key itself; undefined when it does not fit its algorithm, or is a private one, which has no place here. */
export function openAccountKey({ algorithm, secret, pem, jwk }: AccountKey): KeyObject | undefined {
  if ([secret, pem, jwk].filter((form) => form !== undefined).length !== 1) return undefined;
  if (algorithm === "HS256") return secret === undefined ? undefined : openSecret(secret);
  if (secret !== undefined || pem?.includes("PRIVATE KEY") === true || jwk?.d !== undefined) return undefined;
  const key = openPublic(pem, jwk);
  return key !== undefined && fits(key, algorithm) ? key : undefined;
}

function openSecret(secret: string): KeyObject | undefined {
  const bytes = Buffer.from(secret);
  // Everybody may know a public key: as a secret it would let everybody in.
  if (bytes.length < SECRET_BYTES_MIN || isPublicKey(secret)) return undefined;
  return createSecretKey(bytes);
}

/** In any of the forms in which keys are handed around: PEM, the base64 inside of it, a JWK, or a set of them. */
function isPublicKey(text: string): boolean {
  if (text.includes("-----BEGIN")) return true;
  if (isDer(text)) return true;
  try {
    const jwk: unknown = JSON.parse(text);
    const keys = isObject(jwk) && Array.isArray(jwk.keys) ? jwk.keys : [jwk];
    return keys.some((key) => isObject(key) && ["RSA", "EC", "OKP"].includes(String(key.kty)));
  } catch {
    return false;
  }
}

/** SubjectPublicKeyInfo (RFC 5280), or a bare RSA key (PKCS #1), in base64 or base64url. */
function isDer(text: string): boolean {
  const key = Buffer.from(text, "base64");
  return (["spki", "pkcs1"] as const).some((type) => {
    try {
      createPublicKey({ key, format: "der", type });
      return true;
    } catch {
      return false;
    }
  });
}

function openPublic(pem: string | undefined, jwk: AccountKey["jwk"]): KeyObject | undefined {
  try {
    return pem === undefined ? createPublicKey({ key: { ...jwk }, format: "jwk" }) : createPublicKey(pem);
  } catch {
    return undefined;
  }
}

function fits(key: KeyObject, algorithm: AccountKey["algorithm"]): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (algorithm === "RS256") return type === "rsa" && (details?.modulusLength ?? 0) >= RSA_BITS_MIN;
  if (algorithm === "ES256") return type === "ec" && details?.namedCurve === "prime256v1";
  return type === "ed25519";
}
