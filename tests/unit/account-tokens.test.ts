import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { afterAll, describe, expect, it, vi } from "vitest";
import { Refusal } from "../../shared/contract/problems.ts";
import { parseSites } from "../../shared/runtime/site-settings.ts";
import type { AccountRule } from "../../shared/runtime/voter-rule.ts";
import { AccountTokens } from "../../shared/votes/account-tokens.ts";
import { AUDIENCE, goodClaims, newSigner, type Signer, signWith, startJwks } from "../support/jwks-server.ts";

const SECRET = "a secret of the publisher, 32 bytes";
const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

/** The rule of a site as its settings say it. */
function ruleOf(accounts: object): AccountRule {
  const parsed = parseSites([
    { id: "a", name: "A", voters: { who: "account", accounts: { audience: AUDIENCE, ...accounts } } },
  ]);
  if ("faults" in parsed) throw new Error(parsed.faults.join("\n"));
  const rule = parsed[0]?.voters.accounts;
  if (rule === undefined) throw new Error("no rule");
  return rule;
}

function tokensOf(accounts: object, jwksPrivate = true, onAway = (_: string): void => {}): AccountTokens {
  return new AccountTokens(ruleOf(accounts), (subject) => `name of ${subject}`, jwksPrivate, onAway);
}

/** The account's name, or why there is none. */
async function say(tokens: AccountTokens, token: string, now_ms = Date.now()): Promise<string> {
  try {
    return await tokens.identify(token, now_ms);
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
}

async function jwksOf(...signers: readonly Signer[]) {
  const server = await startJwks(...signers);
  stops.push(() => server.stop());
  return server;
}

function unsigned(header: object, claims: object = goodClaims()): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(claims)}.`;
}

const now_s = (): number => Math.floor(Date.now() / 1_000);

describe("account tokens", () => {
  it("S83: each of the four algorithms is taken with a key of its own, written as secret, PEM or JWK", async () => {
    const [rsa, ec, ed] = await Promise.all([newSigner("RS256"), newSigner("ES256"), newSigner("EdDSA")]);
    const pem = createPublicKey({ key: { ...rsa.jwk }, format: "jwk" }).export({
      type: "spki",
      format: "pem",
    });
    const tokens = tokensOf({
      keys: [
        { algorithm: "HS256", secret: SECRET },
        { algorithm: "RS256", pem },
        { algorithm: "ES256", jwk: ec.jwk },
        { algorithm: "EdDSA", jwk: ed.jwk },
      ],
    });
    for (const token of [await signWith(SECRET), await rsa.sign(), await ec.sign(), await ed.sign()])
      expect(await say(tokens, token)).toBe("name of reader-42");
  });

  it("S83: what is forged, altered, too late, too early or for somebody else is refused", async () => {
    const signer = await newSigner("ES256", "k1");
    const tokens = tokensOf({
      issuer: "https://login.example",
      keys: [{ algorithm: "ES256", kid: "k1", jwk: signer.jwk }],
    });
    const iss = "https://login.example";
    const good = await signer.sign({ iss });
    expect(await say(tokens, good)).toBe("name of reader-42");
    const [head, , signature] = good.split(".");
    const other = Buffer.from(JSON.stringify({ ...goodClaims(), iss, sub: "admin" })).toString("base64url");
    const bad: Readonly<Record<string, string>> = {
      "signed with another key": await (await newSigner("ES256", "k1")).sign({ iss }),
      altered: `${head}.${other}.${signature}`,
      "cut off": good.slice(0, -4),
      "another audience": await signer.sign({ iss, aud: "shop" }),
      "another issuer": await signer.sign({ iss: "https://evil.example" }),
      "no issuer": await signer.sign(),
      "not yet valid": await signer.sign({ iss, nbf: now_s() + 120 }),
      "without end": await signer.sign({ iss, exp: undefined }),
      "without subject": await signer.sign({ iss, sub: undefined }),
      "an empty subject": await signer.sign({ iss, sub: "" }),
      "a number as subject": await signer.sign({ iss, sub: 42 }),
      "an endless subject": await signer.sign({ iss, sub: "x".repeat(256) }),
      "an unknown crit": unsigned({ alg: "ES256", kid: "k1", crit: ["b64"], b64: false }) + signature,
      "no JSON": `${Buffer.from("{").toString("base64url")}.e30.AA`,
      "an array": `${Buffer.from("[]").toString("base64url")}.e30.AA`,
    };
    for (const [what, token] of Object.entries(bad))
      expect(await say(tokens, token), what).toBe("account_invalid");
    expect(await say(tokens, await signer.sign({ iss, exp: now_s() - 60 }))).toBe("account_expired");
  });

  it("S83: clocks may differ by the skew and no more; a token that was seen before ends, too", async () => {
    const tokens = tokensOf({ clockSkewSeconds: 20, keys: [{ algorithm: "HS256", secret: SECRET }] });
    const exp = now_s() + 100;
    const token = await signWith(SECRET, { exp });
    expect(await say(tokens, token)).toBe("name of reader-42");
    expect(await say(tokens, token, (exp + 19) * 1_000)).toBe("name of reader-42");
    expect(await say(tokens, token, (exp + 21) * 1_000)).toBe("account_expired");
    const early = await signWith(SECRET, { nbf: exp, exp: exp + 100 });
    expect(await say(tokens, early, (exp - 21) * 1_000)).toBe("account_invalid");
    expect(await say(tokens, early, (exp - 19) * 1_000)).toBe("name of reader-42");
  });

  it("S84: a token without a signature is none, whatever it calls that", async () => {
    const server = await jwksOf(await newSigner("RS256"));
    const tokens = tokensOf({ keys: [{ algorithm: "HS256", secret: SECRET }], jwks: { url: server.url } });
    for (const alg of ["none", "None", "NONE", "", undefined, 1, "HS512", "__proto__"])
      expect(await say(tokens, unsigned({ alg })), String(alg)).toBe("account_invalid");
    expect(await say(tokens, unsigned({ alg: "HS256" }))).toBe("account_invalid");
  });

  it("S84: a public key never serves as a secret, nor a key for another algorithm than its own", async () => {
    const rsa = await newSigner("RS256", "k1");
    const key = createPublicKey({ key: { ...rsa.jwk }, format: "jwk" });
    const pem = String(key.export({ type: "spki", format: "pem" }));
    const server = await jwksOf(rsa);
    const kinds = [{ keys: [{ algorithm: "RS256", pem }] }, { jwks: { url: server.url } }];
    for (const tokens of kinds.map((kind) => tokensOf(kind))) {
      expect(await say(tokens, await rsa.sign())).toBe("name of reader-42");
      for (const secret of [
        pem,
        pem.trim(),
        key.export({ type: "spki", format: "der" }),
        JSON.stringify(rsa.jwk),
      ])
        expect(await say(tokens, await signWith(secret))).toBe("account_invalid");
    }
    // A set of keys may hold a secret by mistake: it is not taken for one.
    server.answer((response) =>
      response.end(
        JSON.stringify({
          keys: [{ kty: "oct", alg: "HS256", k: Buffer.from(SECRET).toString("base64url") }],
        }),
      ),
    );
    expect(await say(tokensOf({ jwks: { url: server.url } }), await signWith(SECRET))).toBe(
      "account_invalid",
    );
  });

  it("S85: a token is tried with the keys that it may be of; old and new ones work side by side", async () => {
    const [old, fresh] = [await newSigner("EdDSA", "old"), await newSigner("EdDSA", "new")];
    const keys = [fresh, old].map(({ jwk }, n) => ({ algorithm: "EdDSA", kid: ["new", "old"][n], jwk }));
    const tokens = tokensOf({ keys });
    for (const token of [await old.sign(), await fresh.sign(), await old.sign({}, { kid: undefined })])
      expect(await say(tokens, token)).toBe("name of reader-42");
    expect(await say(tokens, await old.sign({}, { kid: "new" }))).toBe("account_invalid");
    expect(await say(tokens, await old.sign({}, { kid: "unknown" }))).toBe("account_invalid");
    const second = "another secret of the publisher's, 32 bytes";
    const secrets = tokensOf({ keys: [SECRET, second].map((secret) => ({ algorithm: "HS256", secret })) });
    for (const secret of [SECRET, second])
      expect(await say(secrets, await signWith(secret))).toBe("name of reader-42");
  });

  it("S86: published keys are fetched once, and again for a new name, but not for each forged one", async () => {
    const [old, fresh] = [await newSigner("ES256", "old"), await newSigner("ES256", "new")];
    const server = await jwksOf(old);
    const tokens = tokensOf({ jwks: { url: server.url } });
    const subjects = ["a", "b", "c", "d"];
    const signed = await Promise.all(subjects.map((sub) => old.sign({ sub })));
    expect(await Promise.all(signed.map((token) => say(tokens, token)))).toEqual(
      subjects.map((sub) => `name of ${sub}`),
    );
    expect(server.asked()).toBe(1);
    server.show(fresh, old);
    for (let n = 0; n < 20; n++)
      expect(await say(tokens, await fresh.sign({}, { kid: `forged-${n}` }))).toBe("account_invalid");
    expect(server.asked()).toBe(1);
    const later = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 31_000);
    expect(await say(tokens, await fresh.sign())).toBe("name of reader-42");
    expect(await say(tokens, await old.sign({ sub: "e" }))).toBe("name of e");
    later.mockRestore();
    expect(server.asked()).toBe(2);
  });

  it("S86: keys that were never reached are away, soon said; kept ones go on while the publisher is down", async () => {
    const signer = await newSigner("ES256", "k1");
    const server = await jwksOf(signer);
    const [url, reasons] = [server.url, [] as string[]];
    const down = (status: number) =>
      server.answer((response) => {
        response.statusCode = status;
        response.end("<h1>Sorry</h1>");
      });
    down(500);
    const never = tokensOf({ jwks: { url } }, true, (reason) => reasons.push(reason));
    for (let n = 0; n < 5; n++)
      expect(await say(never, await signer.sign({ n }))).toBe("accounts_unavailable");
    expect([server.asked(), reasons]).toEqual([1, ["The answer was 500."]]);

    server.show(signer);
    const kept = tokensOf({ jwks: { url } });
    expect(await say(kept, await signer.sign())).toBe("name of reader-42");
    const faults: readonly (() => void)[] = [
      () => down(503),
      () => server.answer((response) => response.end("<h1>Sorry</h1>")),
      () => server.answer((response) => response.end('{"keys":"none"}')),
      () => server.answer((response) => response.end(JSON.stringify({ keys: ["x".repeat(70_000)] }))),
      () => server.answer((response) => response.destroy()),
    ];
    const begin = Date.now();
    const pass = (by_ms: number): void => {
      const now_ms = performance.now();
      vi.spyOn(Date, "now").mockReturnValue(begin + by_ms);
      vi.spyOn(performance, "now").mockReturnValue(now_ms + by_ms);
    };
    for (const [n, fault] of faults.entries()) {
      fault();
      const asked = server.asked();
      const token = await signer.sign({ n });
      const unknown = await (await newSigner("ES256", "newer")).sign({ n });
      pass((n + 1) * 700_000);
      expect(await say(kept, token, begin), `fault ${n}`).toBe("name of reader-42");
      // It may be signed with a key that the publisher shows by now.
      expect(await say(kept, unknown, begin), `fault ${n}`).toBe("accounts_unavailable");
      vi.restoreAllMocks();
      expect(server.asked(), `fault ${n}`).toBeGreaterThan(asked);
    }
    const late = await signer.sign({ n: "late" });
    pass(90_000_000);
    expect(await say(kept, late, begin)).toBe("accounts_unavailable");
    vi.restoreAllMocks();
  });

  it("S87: keys come from the named address alone: no redirect, no private network, no plain HTTP, unless allowed", async () => {
    const signer = await newSigner("ES256", "k1");
    const inner = await jwksOf(signer);
    const outer = await jwksOf(signer);
    outer.answer((response) => response.writeHead(302, { location: inner.url }).end());
    const token = await signer.sign();
    expect(await say(tokensOf({ jwks: { url: outer.url } }), token)).toBe("accounts_unavailable");
    expect([outer.asked(), inner.asked()]).toEqual([1, 0]);
    const { port } = new URL(inner.url);
    for (const host of ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"])
      for (const scheme of ["http", "https"]) {
        const url = `${scheme}://${host}:${port}/jwks.json`;
        expect(await say(tokensOf({ jwks: { url } }, false), token), url).toBe("accounts_unavailable");
      }
    expect(inner.asked()).toBe(0);
  });

  it("S89: settings that cannot be right are refused, and no key is repeated", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const small = generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey;
    const jwk = publicKey.export({ format: "jwk" });
    const pem = String(privateKey.export({ type: "pkcs8", format: "pem" }));
    const bad: readonly object[] = [
      {},
      { keys: [] },
      { keys: [{ algorithm: "none", secret: SECRET }] },
      { keys: [{ algorithm: "HS512", secret: SECRET }] },
      { keys: [{ algorithm: "HS256", secret: "too short" }] },
      { keys: [{ algorithm: "HS256", secret: String(publicKey.export({ type: "spki", format: "pem" })) }] },
      { keys: [{ algorithm: "HS256", jwk }] },
      { keys: [{ algorithm: "RS256", jwk }] },
      { keys: [{ algorithm: "EdDSA", jwk }] },
      { keys: [{ algorithm: "RS256", jwk: small.export({ format: "jwk" }) }] },
      { keys: [{ algorithm: "ES256", pem }] },
      { keys: [{ algorithm: "ES256", jwk: privateKey.export({ format: "jwk" }) }] },
      { keys: [{ algorithm: "ES256", jwk, secret: SECRET }] },
      { keys: [{ algorithm: "ES256" }] },
      { jwks: { url: "file:///etc/passwd" } },
      { jwks: { url: "https://login.example/keys", algorithms: ["HS256"] } },
      { jwks: { url: "https://login.example/keys" }, audience: "" },
      { jwks: { url: "https://login.example/keys" }, clockSkewSeconds: 3_600 },
    ];
    for (const accounts of bad) {
      const say = (): unknown => ruleOf(accounts);
      expect(say, JSON.stringify(accounts)).toThrow();
      expect(say).not.toThrow(SECRET);
    }
    expect(parseSites([{ id: "a", name: "A", voters: { who: "both" } }])).toMatchObject({
      faults: [expect.stringMatching(/nobody could sign in/)],
    });
  });

  it("S89: a public key is no secret, in whatever form it is written down", () => {
    const keys = [
      generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey,
      generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey,
      generateKeyPairSync("ed25519").publicKey,
    ];
    const written = keys.flatMap((key) => {
      const jwk = key.export({ format: "jwk" });
      const spki = key.export({ type: "spki", format: "der" });
      const base64 = spki.toString("base64");
      return [
        String(key.export({ type: "spki", format: "pem" })),
        JSON.stringify(jwk),
        JSON.stringify({ keys: [jwk] }, null, 2),
        base64,
        base64.replace(/(.{64})/g, "$1\n"),
        spki.toString("base64url"),
      ];
    });
    for (const secret of written) {
      expect(() => ruleOf({ keys: [{ algorithm: "HS256", secret }] }), secret).toThrow();
    }
    for (const secret of [
      SECRET,
      JSON.stringify({ why: "text like any other, and long enough" }),
      "x".repeat(400),
    ]) {
      expect(() => ruleOf({ keys: [{ algorithm: "HS256", secret }] }), secret).not.toThrow();
    }
  });
});
