/** Who votes on a site, and how the publisher's accounts are known. */
import { z } from "zod";
import { ACCOUNT_ALGORITHMS, type AccountKey, isAccountKey } from "./account-key.ts";

/**
 * - `anonymous`: whoever has a token of this service, which everybody gets.
 * - `account`: whoever the publisher gave a token.
 * - `both`.
 */
export interface VoterRule {
  readonly who: "anonymous" | "account" | "both";
  /** How account tokens are verified; undefined: there are no accounts. */
  readonly accounts?: AccountRule | undefined;
}

/** What a JWT must be to name an account: signed with one of the keys, for this audience, with `sub` and `exp`. */
export interface AccountRule {
  readonly audience: string;
  /** Undefined: any. */
  readonly issuer?: string | undefined;
  /** By how much the publisher's clock may differ from Redis's, s. */
  readonly clockSkewSeconds: number;
  /** Keys written down here, newest first. */
  readonly keys: readonly AccountKey[];
  /** Where the publisher shows its public keys (RFC 7517), and which algorithms they are for. */
  readonly jwks?: { readonly url: string; readonly algorithms: readonly string[] } | undefined;
}

/** The rule of a site that says nothing. */
export const ANONYMOUS = { who: "anonymous" } as const satisfies VoterRule;

const name = z.string().min(1).max(512);

const KeyRow = z
  .strictObject({
    algorithm: z.enum(ACCOUNT_ALGORITHMS),
    kid: name.optional(),
    secret: z.string().max(1_024).optional(),
    pem: z.string().max(8_192).optional(),
    jwk: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(
    isAccountKey,
    "expected a secret of 32 bytes or more for HS256, else a public key of the algorithm (RSA: 2048 bits or more) as pem or jwk",
  );

const AccountRow = z
  .strictObject({
    audience: name,
    issuer: name.optional(),
    clockSkewSeconds: z.int().min(0).max(600).default(30),
    keys: z.array(KeyRow).max(8).default([]),
    jwks: z
      .strictObject({
        url: z.url({ protocol: /^https?$/ }).max(2_048),
        // No HS256: whoever could read the address would know the secret.
        algorithms: z
          .array(z.enum(ACCOUNT_ALGORITHMS).exclude(["HS256"]))
          .min(1)
          .default(["RS256", "ES256", "EdDSA"]),
      })
      .optional(),
  })
  .refine(({ keys, jwks }) => keys.length > 0 || jwks !== undefined, "expected keys or jwks");

/** The rule in JSON. */
export const VoterRow = z
  .strictObject({ who: z.enum(["anonymous", "account", "both"]), accounts: AccountRow.optional() })
  .refine(
    ({ who, accounts }) => who === "anonymous" || accounts !== undefined,
    "expected accounts, or nobody could sign in",
  );
