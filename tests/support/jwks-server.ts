/** A publisher that shows its keys, and what can go wrong there. */
import { createServer, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { listen } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";

export const AUDIENCE = "reactions";

/** A key pair of a publisher, and tokens signed with it. */
export interface Signer {
  readonly jwk: object;
  sign(
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
}

/** Claims of a good token. */
export function goodClaims(): Readonly<Record<string, unknown>> {
  return { sub: "reader-42", aud: AUDIENCE, exp: Math.floor(Date.now() / 1_000) + 3_600 };
}

/** A new key. @param kid what the key is called; undefined: nothing */
export async function newSigner(alg: "RS256" | "ES256" | "EdDSA", kid?: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const named = kid === undefined ? {} : { kid };
  return {
    jwk: { ...(await exportJWK(publicKey)), ...named, alg, use: "sig" },
    sign: (claims = {}, header = {}) =>
      new SignJWT({ ...goodClaims(), ...claims })
        .setProtectedHeader({ alg, ...named, ...header })
        .sign(privateKey),
  };
}

/** A token signed with a shared secret. */
export function signWith(secret: string | Uint8Array, claims: Readonly<Record<string, unknown>> = {}) {
  const key = typeof secret === "string" ? Buffer.from(secret) : secret;
  return new SignJWT({ ...goodClaims(), ...claims }).setProtectedHeader({ alg: "HS256" }).sign(key);
}

export interface JwksServer {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
  /** Shows these keys from now on. */
  show(...signers: readonly Signer[]): void;
  /** Answers like this from now on. */
  answer(how: (response: ServerResponse) => void): void;
  stop(): Promise<void>;
}

export async function startJwks(...signers: readonly Signer[]): Promise<JwksServer> {
  const lifecycle = new Lifecycle();
  let asked = 0;
  let how: (response: ServerResponse) => void;
  const show = (...shown: readonly Signer[]): void => {
    how = (response) => response.end(JSON.stringify({ keys: shown.map(({ jwk }) => jwk) }));
  };
  show(...signers);
  const server = createServer((_request, response) => {
    asked++;
    how(response);
  });
  const url = await listen(server, "127.0.0.1", 0, lifecycle);
  return {
    url: `${url}/jwks.json`,
    asked: () => asked,
    show,
    answer: (other) => {
      how = other;
    },
    stop: () => lifecycle.stop(),
  };
}
