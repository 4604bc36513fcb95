import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAILURES_MAX, FAILURES_NEARBY_MAX, WrongTokens } from "../../shared/moderation/wrong-tokens.ts";
import { call } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const ADMIN_TOKEN = "the-admin-token-of-tests";
// A Redis of its own: tokens are counted here, and every use stands in the audit that other tests read.
let server: TestRedis;
let service: TestService;
let own: ReturnType<typeof openTestRedis>;
beforeAll(async () => {
  server = await startTestRedis();
  own = openTestRedis("worker", server.url);
  service = await startService(server.url, { ADMIN_TOKEN });
});
afterAll(async () => {
  await service.stop();
  await own.lifecycle.stop();
  await server.stop();
});

const freshName = () => `t-${randomUUID().slice(0, 13)}`;

function ask(method: string, path: string, token?: string, body?: unknown, url = service.url) {
  return call(`${url}${path}`, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function make(scope: string, site?: string): Promise<{ name: string; token: string }> {
  const name = freshName();
  const { status, body } = await ask("POST", "/v1/tokens", ADMIN_TOKEN, { name, scope, site });
  expect(status).toBe(201);
  return { name, token: String(body.token) };
}

describe("moderators' tokens", () => {
  it("S50: are made, listed and revoked by an admin; the secret is shown once and kept as a hash only", async () => {
    const { name, token } = await make("admin");
    const listed = await ask("GET", "/v1/tokens", token);
    expect(listed.body.tokens).toContainEqual({ name: "root", scope: "admin" });
    expect(listed.body.tokens).toContainEqual({ name, scope: "admin", by: "root", at: expect.any(Number) });
    const kept = JSON.stringify(await own.redis.hgetall("tokens"));
    expect(kept).toContain(name);
    expect(kept).not.toContain(token.split(".")[2]);
    expect(kept).not.toContain(ADMIN_TOKEN);
    expect((await ask("DELETE", `/v1/tokens/${name}`, ADMIN_TOKEN)).status).toBe(204);
    expect(await ask("GET", "/v1/tokens", token)).toMatchObject({
      status: 401,
      body: { code: "token_invalid" },
    });
  });

  it("S51: do what their scope covers and nothing more, on their site only", async () => {
    for (const scope of ["read", "moderate"]) {
      const { token } = await make(scope);
      expect(await ask("GET", "/v1/tokens", token)).toMatchObject({
        status: 403,
        body: { code: "scope_missing", retryable: false },
      });
    }
    const bound = await make("admin", "other");
    expect((await ask("GET", "/v1/tokens", bound.token)).body.code).toBe("scope_missing");
  });

  it("S1, S50: nonsense is refused with a stable code and changes nothing", async () => {
    const before = await own.redis.hlen("tokens");
    const { name } = await make("read");
    const refusals: readonly [code: string, method: string, path: string, body?: unknown][] = [
      ["token_request_invalid", "POST", "/v1/tokens", []],
      ["token_request_invalid", "POST", "/v1/tokens", { name: "root", scope: "admin" }],
      ["token_request_invalid", "POST", "/v1/tokens", { name: "A b", scope: "admin" }],
      ["token_request_invalid", "POST", "/v1/tokens", { name: freshName(), scope: "god" }],
      ["token_request_invalid", "POST", "/v1/tokens", { name: freshName(), scope: "read", sites: "x" }],
      ["site_unknown", "POST", "/v1/tokens", { name: freshName(), scope: "read", site: "nobody" }],
      ["token_exists", "POST", "/v1/tokens", { name, scope: "admin" }],
      ["token_unknown", "DELETE", `/v1/tokens/${freshName()}`],
      ["token_unknown", "DELETE", "/v1/tokens/__proto__"],
      ["token_builtin", "DELETE", "/v1/tokens/root"],
      ["method_unknown", "PUT", "/v1/tokens"],
    ];
    for (const [code, method, path, body] of refusals) {
      expect((await ask(method, path, ADMIN_TOKEN, body)).body.code, `${method} ${path}`).toBe(code);
    }
    for (const token of [
      undefined,
      "x",
      `m1.${name}.${"A".repeat(43)}`,
      "m1.nobody.x",
      ADMIN_TOKEN.slice(1),
    ]) {
      const { status, body } = await ask("GET", "/v1/tokens", token);
      expect(status, String(token)).toBe(401);
      expect(body.code).toBe(token === undefined ? "token_missing" : "token_invalid");
    }
    expect(await own.redis.hlen("tokens")).toBe(before + 1);
  });

  it("S52: every use is counted by the token's name", async () => {
    const { name, token } = await make("admin");
    await ask("GET", "/v1/tokens", token);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain(`reactions_tokens_used_total{name="${name}",scope="admin"} 1`);
    expect(metrics).toMatch(/reactions_tokens_refused_total\{code="token_invalid"\} \d/);
  });

  it("S53: a network that hammers wrong tokens is turned away, right token or not", async () => {
    const limited = await startService(server.url, { ADMIN_TOKEN, LIMITS: "on" });
    try {
      const tries = Array.from({ length: FAILURES_MAX }, () =>
        ask("GET", "/v1/tokens", "wrong", undefined, limited.url),
      );
      const codes = new Set((await Promise.all(tries)).map(({ body }) => body.code));
      expect(codes).toEqual(new Set(["token_invalid"]));
      const refused = await ask("GET", "/v1/tokens", ADMIN_TOKEN, undefined, limited.url);
      expect(refused).toMatchObject({ status: 429, body: { code: "token_too_fast", retryable: true } });
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    } finally {
      await limited.stop();
    }
  });

  it("S53: each failure makes the next answer later; other networks are not touched; a minute heals", () => {
    const wrong = new WrongTokens();
    const delays = Array.from({ length: FAILURES_MAX }, () => wrong.fail("a", 1_000));
    expect(delays).toEqual([...delays].sort((one, two) => one - two));
    expect(Math.max(...delays)).toBeLessThanOrEqual(2_000);
    expect(wrong.blocked("a", 2_000)).toBe(true);
    expect(wrong.blocked("b", 2_000)).toBe(false);
    expect(wrong.blocked("a", 200_000)).toBe(false);
    for (let n = 0; n < 50_000; n++) wrong.fail(`n${n}`, 200_000);
    expect(wrong.blocked("a", 200_000)).toBe(false);
  });

  it("S53: an IPv6 host that tries wrong tokens from ever new /64s is turned away by its /48", async () => {
    const limited = await startService(server.url, { ADMIN_TOKEN, LIMITS: "on", TRUST_PROXY: "127.0.0.1" });
    const from = (address: string, token: string) =>
      call(`${limited.url}/v1/tokens`, {
        headers: { authorization: `Bearer ${token}`, "x-forwarded-for": address },
      });
    try {
      const tries = Array.from({ length: FAILURES_NEARBY_MAX }, (_, n) =>
        from(`2001:db8:7:${n.toString(16)}::1`, "wrong"),
      );
      const codes = new Set((await Promise.all(tries)).map(({ body }) => body.code));
      expect(codes).toEqual(new Set(["token_invalid"]));
      const refused = await from("2001:db8:7:ffff::1", ADMIN_TOKEN);
      expect(refused).toMatchObject({ status: 429, body: { code: "token_too_fast" } });
      expect(await from("2001:db8:8::1", ADMIN_TOKEN)).toMatchObject({ status: 200 });
    } finally {
      await limited.stop();
    }
  });
});
