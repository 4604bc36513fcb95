import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Reactions } from "../../shared/client/client.ts";
import { signPage } from "../../shared/votes/check-page.ts";
import { keysIn } from "../support/each-master.ts";
import { ADMIN_TOKEN } from "../support/fresh-site.ts";
import { AUDIENCE, signWith } from "../support/jwks-server.ts";
import { call, countsOf, freshPage, newVoter, tallied, until, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SECRETS = [
  "the first secret of a publisher, 32 bytes",
  "the second secret of a publisher, 32 bytes",
] as const;
const [SECRET] = SECRETS;
const id = randomUUID();
const [both, account, anonymous] = [`both-${id}`, `account-${id}`, `anonymous-${id}`];
const accounts = { audience: AUDIENCE, keys: [{ algorithm: "HS256", secret: SECRET }] };
const folder = mkdtempSync(join(tmpdir(), "reader-reactions-"));
const file = join(folder, "sites.json");
const write = (...sites: readonly object[]): void => writeFileSync(file, JSON.stringify(sites));
const SITES = [
  { id: both, name: "Both", voters: { who: "both", accounts } },
  { id: account, name: "Account", voters: { who: "account", accounts } },
  { id: anonymous, name: "Anonymous" },
];
const { redis, lifecycle } = openTestRedis();
let service: TestService;

beforeAll(async () => {
  await redis.ping();
  write(...SITES);
  service = await startService(inject("redisUrl"), { SITES_FILE: file, ADMIN_TOKEN });
});
afterAll(async () => {
  await service.stop();
  await lifecycle.stop();
  rmSync(folder, { recursive: true });
});

const path = (site: string, route: string): string => `${service.url}/v1/sites/${site}/${route}`;
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const reader = (sub: string = randomUUID()) => signWith(SECRET, { sub });

function move(site: string, body: object, headers: Record<string, string> = {}) {
  const sent = { method: "POST", headers: { "content-type": "text/plain", ...headers } };
  return call(path(site, "voters/self/move"), { ...sent, body: JSON.stringify(body) });
}

async function mine(site: string, page: string, token: string): Promise<unknown> {
  const { body } = await call(path(site, `mine?${new URLSearchParams({ page })}`), bearer(token));
  return body.pages;
}

describe("accounts", () => {
  it("V60: an account votes over HTTP and sockets, is one voter with any of its tokens, and can leave", async () => {
    const [page, sub] = [freshPage(), randomUUID()];
    const [first, second] = [await reader(sub), await signWith(SECRET, { sub, jti: "another" })];
    const voted = await tallied(service.url, { page, reaction: "great", voter: first }, both);
    expect(voted.body).toMatchObject({ counts: { great: 1 } });
    expect(voted.body).not.toHaveProperty("voter");
    const socket = await service.socket(both);
    const ack = await socket.emitWithAck("vote", { page, reaction: "sad", voter: second });
    expect(ack).toMatchObject({ ok: true });
    await until("the switch", async () => (await countsOf(service.url, page, both)).total === 1);
    await until("sad", async () =>
      JSON.stringify(await countsOf(service.url, page, both)).includes('"sad":1'),
    );
    expect(await mine(both, page, first)).toEqual([{ page, reaction: "sad" }]);
    const other = await vote(
      service.url,
      { page, reaction: "sad" },
      { authorization: `Bearer ${await reader()}` },
      both,
    );
    expect(other.status).toBe(202);
    await until("two", async () => (await countsOf(service.url, page, both)).total === 2);
    expect((await call(path(both, "voters/self"), { method: "DELETE", ...bearer(second) })).status).toBe(202);
    await until("one", async () => (await countsOf(service.url, page, both)).total === 1);
    expect(await mine(both, page, first)).toEqual([{ page, reaction: null }]);
  });

  it("V61: whoever a site does not let vote is refused with a code, over both roads, and nothing is kept", async () => {
    const page = freshPage();
    const codes = async (site: string, voter: string | undefined) => {
      const body = { page, reaction: "great", ...(voter === undefined ? {} : { voter }) };
      const socket = await service.socket(site);
      const ack = await socket.emitWithAck("vote", body);
      const { body: answer } = await vote(service.url, body, {}, site);
      return [answer.code ?? 202, ack.ok ? 202 : ack.problem.code];
    };
    const token = await newVoter(service.url, both);
    expect(await codes(both, token)).toEqual([202, 202]);
    const twice = (code: string) => [code, code];
    expect(await codes(account, undefined)).toEqual(twice("account_needed"));
    expect(await codes(account, token)).toEqual(twice("voter_invalid"));
    expect(await codes(account, await reader())).toEqual([202, 202]);
    expect(await codes(anonymous, await reader())).toEqual(twice("account_refused"));
    expect(await codes(account, `${"e".repeat(5_000)}.e.e`)).toEqual(twice("voter_invalid"));
    expect(await codes(account, "e30.e30.")).toEqual(twice("account_invalid"));
    expect((await call(path(account, "voters"), { method: "POST" })).body.code).toBe("account_needed");
    const socket = await service.socket(account);
    expect(await socket.emitWithAck("voter", {})).toMatchObject({ problem: { code: "account_needed" } });
    const form = await fetch(path(account, "votes"), {
      method: "POST",
      body: new URLSearchParams({ page, reaction: "great" }),
    });
    expect(form.status).toBe(401);
    expect((await keysIn(redis, `*${anonymous}*${page}*`)).length).toBe(0);
  });

  it("V61: a site that takes accounts only lets anonymous voters see and end what they left", async () => {
    const page = freshPage();
    const site = `turning-${randomUUID()}`;
    const turning = { id: site, name: "Turning", voters: { who: "both", accounts } };
    write(...SITES, turning);
    await until("the site", async () => (await call(path(site, "counts?page=a"))).status === 200);
    const token = await newVoter(service.url, site);
    await tallied(service.url, { page, reaction: "great", voter: token }, site);
    write(...SITES, { ...turning, voters: { who: "account", accounts } });
    await until(
      "the change",
      async () => (await call(path(site, "voters"), { method: "POST" })).status === 401,
    );
    expect((await vote(service.url, { page, reaction: "sad", voter: token }, {}, site)).body.code).toBe(
      "account_needed",
    );
    expect(await mine(site, page, token)).toEqual([{ page, reaction: "great" }]);
    expect((await call(path(site, "voters/self"), { method: "DELETE", ...bearer(token) })).status).toBe(202);
    await until("the end", async () => (await countsOf(service.url, page, site)).total === 0);
    write(...SITES);
  });

  it("V62: a reader who signs in takes their votes along, on all pages or on those named, and counts once", async () => {
    const [one, two, three] = [freshPage(), freshPage(), freshPage()];
    const [token, jwt] = [await newVoter(service.url, both), await reader()];
    for (const page of [one, two, three])
      await tallied(service.url, { page, reaction: "great", voter: token }, both);
    await tallied(service.url, { page: two, reaction: "sad", voter: jwt }, both);
    const held = async (page: string, voter: string) => JSON.stringify(await mine(both, page, voter));
    expect(
      (await move(both, { voter: token, pages: [three] }, { authorization: `Bearer ${jwt}` })).status,
    ).toBe(202);
    await until("the named page", async () => (await held(three, jwt)).includes("great"));
    expect(await held(one, token)).toContain("great");
    for (let time = 0; time < 3; time++)
      expect((await move(both, { voter: token, account: jwt })).status).toBe(202);
    await until("all pages", async () => (await held(one, jwt)).includes("great"));
    await until("once", async () => (await countsOf(service.url, two, both)).total === 1);
    expect(await countsOf(service.url, two, both)).toMatchObject({ counts: { sad: 1 } });
    expect(await countsOf(service.url, one, both)).toMatchObject({ total: 1, counts: { great: 1 } });
    const listed = await call(path(both, "orders"), bearer(ADMIN_TOKEN));
    expect(listed.body.orders).toEqual([]);
  });

  it("V62, S1: a move with anything amiss is refused and moves nothing", async () => {
    const page = freshPage();
    const [token, jwt] = [await newVoter(service.url, both), await reader()];
    await tallied(service.url, { page, reaction: "great", voter: token }, both);
    const cases: readonly (readonly [string, object, string?])[] = [
      ["voter_missing", { voter: token }],
      ["voter_invalid", { account: jwt }],
      ["voter_invalid", { voter: jwt, account: jwt }],
      ["voter_invalid", { voter: token, account: token }],
      ["voter_invalid", { voter: `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`, account: jwt }],
      ["account_invalid", { voter: token, account: `${jwt.slice(0, -2)}AA` }],
      ["account_expired", { voter: token, account: await signWith(SECRET, { exp: 1 }) }],
      ["pages_invalid", { voter: token, account: jwt, pages: [] }],
      ["pages_invalid", { voter: token, account: jwt, pages: ["\u0000"] }],
      ["body_invalid", { voter: token, account: jwt, also: 1 }],
    ];
    for (const [code, body] of cases)
      expect((await move(both, body)).body.code, JSON.stringify(body)).toBe(code);
    const foreign = await newVoter(service.url, anonymous);
    expect((await move(anonymous, { voter: foreign, account: jwt })).body.code).toBe("account_refused");
    expect((await call(path(both, "voters/self/move"))).body.code).toBe("method_unknown");
    expect(await mine(both, page, token)).toEqual([{ page, reaction: "great" }]);
  });

  it("V64: a ban names an account by its token", async () => {
    const [page, jwt] = [freshPage(), await reader()];
    await tallied(service.url, { page, reaction: "great", voter: jwt }, both);
    const order = { order: "ban", voter: jwt };
    const { status } = await call(path(both, "orders"), {
      method: "POST",
      ...bearer(ADMIN_TOKEN),
      body: JSON.stringify(order),
    });
    expect(status).toBe(202);
    await until("the ban", async () => (await countsOf(service.url, page, both)).total === 0);
    const { body } = await call(path(both, "audit"), bearer(ADMIN_TOKEN));
    expect(JSON.stringify(body)).not.toContain(jwt);
  });

  it("V65: the client votes as the account from when it is told, and as somebody else after signing out", async () => {
    const page = freshPage();
    const client = new Reactions({ endpoint: service.url, site: both });
    await client.vote(page, "great");
    const before = client.token;
    const jwt = await reader();
    await client.setAccount(jwt);
    await until("the move", async () => (await client.mine([page])).get(page) === "great");
    await client.vote(page, "sad");
    await until("the switch", async () => (await client.mine([page])).get(page) === "sad");
    expect(await countsOf(service.url, page, both)).toMatchObject({ total: 1 });
    await client.setAccount(null);
    expect(client.token).toBeNull();
    await client.vote(page, "great");
    expect(client.token).not.toBe(before);
    await until("two", async () => (await countsOf(service.url, page, both)).total === 2);
    await expect(client.setAccount("e30.e30.")).rejects.toMatchObject({ code: "account_invalid" });
    expect(client.token).toBe("e30.e30.");
    await client.setAccount(jwt);
    await until("one", async () => (await countsOf(service.url, page, both)).total === 1);
  });

  it("S88: Redis holds neither subject nor token, nor one name on two pages", async () => {
    const [sub, pages] = [`subject-${randomUUID()}`, [freshPage(), freshPage()]];
    const [jwt, token] = [await reader(sub), await newVoter(service.url, both)];
    for (const page of pages) await tallied(service.url, { page, reaction: "great", voter: jwt }, both);
    for (const page of pages) await tallied(service.url, { page, reaction: "sad", voter: token }, both);
    await move(both, { voter: token, account: jwt });
    await until("the move", async () => (await countsOf(service.url, pages[1] ?? "", both)).total === 1);
    for (const key of await keysIn(redis, "*")) {
      expect(key).not.toContain(sub);
      const kept = await redis.dumpBuffer(key);
      for (const secret of [sub, jwt, token, jwt.split(".")[2] ?? ""])
        expect(kept?.includes(secret) ?? false, key).toBe(false);
    }
  });

  it("S90: no secret's replacement logs anybody out", async () => {
    const site = `rotated-${randomUUID()}`;
    const place = join(temporaryFolder(), "sites.json");
    const pageKeys = ["the older key of the publisher", "the newer key of the publisher"] as const;
    const settings = (names: readonly string[], secrets: readonly string[]) =>
      writeFileSync(
        place,
        JSON.stringify([
          {
            id: site,
            name: "R",
            pages: { open: "signed", keys: names },
            voters: {
              who: "both",
              accounts: {
                audience: AUDIENCE,
                keys: secrets.map((secret) => ({ algorithm: "HS256", secret })),
              },
            },
          },
        ]),
      );
    const start = (SECRET_: string, admin: string) =>
      startService(inject("redisUrl"), { SITES_FILE: place, SECRET: SECRET_, ADMIN_TOKEN: admin });
    settings([pageKeys[0]], [SECRETS[0]]);
    const older = await start("1:the first secret of the service", "the-first-admin-token");
    const page = freshPage();
    const signature = signPage(pageKeys[0], page);
    const [sub, voter] = [randomUUID(), await newVoter(older.url, site)];
    const jwt = await signWith(SECRETS[0], { sub });
    for (const one of [voter, jwt])
      await tallied(older.url, { page, signature, reaction: "great", voter: one }, site);
    const asked = {
      method: "POST",
      ...bearer("the-first-admin-token"),
      body: JSON.stringify({ name: `n-${id.slice(0, 8)}`, scope: "admin" }),
    };
    const named = String((await call(`${older.url}/v1/tokens`, asked)).body.token);
    await older.stop();
    settings([pageKeys[1], pageKeys[0]], [SECRETS[1], SECRETS[0]]);
    const newer = await start(
      "2:the second secret of the service,1:the first secret of the service",
      "the-second-admin-token",
    );
    try {
      for (const one of [voter, jwt, await signWith(SECRETS[1], { sub })])
        expect((await tallied(newer.url, { page, reaction: "sad", voter: one }, site)).body).toMatchObject({
          total: 2,
        });
      for (const key of pageKeys) {
        const fresh = freshPage();
        const opened = await vote(
          newer.url,
          { page: fresh, signature: signPage(key, fresh), reaction: "sad", voter },
          {},
          site,
        );
        expect(opened.status).toBe(202);
      }
      const status = async (token: string) => (await call(`${newer.url}/v1/tokens`, bearer(token))).status;
      expect(await status("the-second-admin-token")).toBe(200);
      expect(await status(named)).toBe(200);
      expect(await status("the-first-admin-token")).toBe(401);
    } finally {
      await newer.stop();
    }
  });
});

describe("a secret that leaked", () => {
  it("S92: is retired: its tokens are refused, all others and who voted what stay", async () => {
    const start = (secret: string) =>
      startService(inject("redisUrl"), { SITES_FILE: file, SECRET: secret, ADMIN_TOKEN });
    const [first, second] = ["1:the first secret of the service", "2:the second secret of the service"];
    const page = freshPage();
    const sub = randomUUID();
    const leaking = await start(first);
    const old = await newVoter(leaking.url, both);
    for (const voter of [old, await reader(sub)])
      await tallied(leaking.url, { page, reaction: "great", voter }, both);
    await leaking.stop();
    const between = await start(`${second},${first}`);
    const young = await newVoter(between.url, both);
    await tallied(between.url, { page, reaction: "sad", voter: young }, both);
    await between.stop();
    const retired = await start(`${second},*:the first secret of the service`);
    try {
      const refused = await vote(retired.url, { page, reaction: "angry", voter: old }, {}, both);
      expect(refused).toMatchObject({ status: 401, body: { code: "voter_invalid" } });
      await tallied(retired.url, { page, reaction: "angry", voter: young }, both);
      const last = await tallied(retired.url, { page, reaction: "angry", voter: await reader(sub) }, both);
      expect(last.body).toMatchObject({ counts: { great: 1, sad: 0, angry: 2 } });
    } finally {
      await retired.stop();
    }
  });
});

describe("limits of accounts", () => {
  it("S91: a network that moves too often is told to wait", async () => {
    const limited = await startService(inject("redisUrl"), { SITES_FILE: file, LIMITS: "on" });
    try {
      const [voter, jwt] = [await newVoter(service.url, both), await reader()];
      const send = async () => {
        const sent = { method: "POST", body: JSON.stringify({ voter, account: jwt, pages: ["none"] }) };
        return await call(`${limited.url}/v1/sites/${both}/voters/self/move`, sent);
      };
      const answers = await Promise.all(Array.from({ length: 121 }, send));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(1);
      expect(refused[0]?.body).toMatchObject({ code: "moves_too_fast", retryable: true });
      expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    } finally {
      await limited.stop();
    }
  });
});
