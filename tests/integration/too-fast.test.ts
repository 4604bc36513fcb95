/** Everything that can be too much says so in the same way, and when to come again. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NetworkLimit } from "../../services/api/network-limit.ts";
import { connectError, Door } from "../../services/realtime/door.ts";
import { refuseUpgrade } from "../../services/realtime/refuse-sockets.ts";
import { Reactions } from "../../shared/client/client.ts";
import { PROBLEM_CODES, problem, TooFast, type TooFastCode } from "../../shared/contract/problems.ts";
import { FAILURES_MAX } from "../../shared/moderation/wrong-tokens.ts";
import { listen, openHttpServer } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { SiteBook } from "../../shared/runtime/sites.ts";
import { AUDIENCE, signWith } from "../support/jwks-server.ts";
import { type Answered, call, freshPage, newVoter, until } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const KEY = "the secret of a publisher, 32 bytes and more";
const voters = { who: "both", accounts: { audience: AUDIENCE, keys: [{ algorithm: "HS256", secret: KEY }] } };
const sitesFile = writeSitesFile([
  { id: "votes", name: "Votes", puzzle: "off", limits: { votesAMinuteOfVoter: 2 } },
  { id: "voters", name: "Voters", puzzle: "off", limits: { newVotersAMinute: 2 } },
  { id: "pages", name: "Pages", puzzle: "off", limits: { newPagesAMinute: 2 } },
  { id: "accounts", name: "Accounts", puzzle: "off", voters },
  { id: "forged", name: "Forged", puzzle: "always", voters, limits: { votesAMinuteOfNetwork: 4 } },
]);

let server: TestRedis;
let service: TestService;
const lifecycle = new Lifecycle();
beforeAll(async () => {
  server = await startTestRedis();
  const env = {
    LIMITS: "on",
    SITES_FILE: sitesFile,
    TRUST_PROXY: "127.0.0.1",
    ADMIN_TOKEN: "the-right-token-of-moderators",
  };
  service = await startService(server.url, env);
});
afterAll(async () => {
  await lifecycle.stop();
  await service.stop();
  await server.stop();
});

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Answered["body"];
}

/** Asks from one reader's address. */
function from(address: string, path: string, method: string, body?: object, token?: string): Promise<Told> {
  return call(`${service.url}/v1/${path}`, {
    method,
    headers: {
      "x-forwarded-for": address,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** The first refusal for being too fast among so many tries, side by side. */
async function firstOf(tries: number, ask: (n: number) => Promise<Told>): Promise<Told> {
  const answers = await Promise.all(Array.from({ length: tries }, (_, n) => ask(n)));
  return answers.find(({ status }) => status === 429) ?? expect.unreachable("all were let through");
}

async function voterOf(site: string, address: string): Promise<string> {
  return String((await from(address, `sites/${site}/voters`, "POST")).body.voter);
}

/** A server with a door that is full. */
async function knockAtFullDoor(): Promise<Told> {
  const book = new SiteBook(undefined);
  book.takeStored([], false);
  const door = new Door(book.sites, 1);
  door.enter("127.0.0.1");
  const full = openHttpServer(() => {});
  full.on("upgrade", (asked, stream) => {
    const refusal = door.refuse(asked, "127.0.0.1") ?? expect.unreachable("the door is full");
    refuseUpgrade(stream as IncomingMessage["socket"], refusal, () => stream.destroy());
  });
  const url = await listen(full, "127.0.0.1", 0, lifecycle);
  const asked = request(url, { headers: { connection: "Upgrade", upgrade: "websocket" } }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const headers = new Headers(answer.headers as Record<string, string>);
  return { status: answer.statusCode ?? 0, headers, body: (await json(answer)) as Told["body"] };
}

const PROVOKED: Readonly<Record<TooFastCode, () => Promise<Told>>> = {
  votes_too_fast: async () => {
    const voter = await voterOf("votes", "192.0.2.1");
    // A page each: it is the voter who is too fast.
    return await firstOf(5, () =>
      from("192.0.2.1", "sites/votes/votes", "POST", { page: freshPage(), reaction: "great", voter }),
    );
  },
  voters_too_fast: () => firstOf(5, () => from("192.0.2.2", "sites/voters/voters", "POST")),
  // A minute may turn once.
  pages_too_fast: () =>
    firstOf(7, () =>
      from("192.0.2.3", "sites/pages/votes", "POST", { page: freshPage(), reaction: "great" }),
    ),
  moves_too_fast: async () => {
    const [voter, account] = [
      await voterOf("accounts", "192.0.2.4"),
      await signWith(KEY, { sub: randomUUID() }),
    ];
    const body = { voter, account, pages: ["none"] };
    return await firstOf(121, () => from("192.0.2.4", "sites/accounts/voters/self/move", "POST", body));
  },
  forget_too_fast: async () => {
    const voter = await voterOf("accounts", "192.0.2.5");
    return await firstOf(21, () =>
      from("192.0.2.5", "sites/accounts/voters/self", "DELETE", undefined, voter),
    );
  },
  token_too_fast: async () => {
    const ask = () => from("192.0.2.6", "tokens", "GET", undefined, "wrong");
    await Promise.all(Array.from({ length: FAILURES_MAX }, ask));
    return await firstOf(1, ask);
  },
  sockets_full: knockAtFullDoor,
};

describe("too much", () => {
  it("S1, S80: every refusal of status 429 says when to come again, and what the quota is", async () => {
    expect(Object.keys(PROVOKED).sort()).toEqual(
      PROBLEM_CODES.filter((code) => problem(code).status === 429).sort(),
    );
    for (const [code, provoke] of Object.entries(PROVOKED)) {
      const { status, headers, body } = await provoke();
      expect([status, body.code, body.retryable]).toEqual([429, code, true]);
      expect(headers.get("content-type"), code).toBe("application/problem+json");
      expect(headers.get("access-control-expose-headers"), code).toBe(
        "Retry-After, RateLimit, RateLimit-Policy",
      );
      const wait_s = headers.get("retry-after") ?? "";
      expect(wait_s, code).toMatch(/^[1-9]\d*$/);
      const policy = headers.get("ratelimit-policy") ?? "";
      expect(policy, code).toMatch(/^"[a-z-]+";q=\d+;(?:w=\d+|qu="concurrent-requests")$/);
      expect(headers.get("ratelimit"), code).toBe(`${policy.split(";")[0]};r=0;t=${wait_s}`);
    }
  });

  // A /24 each: neighbours may share a source, and would share what is left of its limit.
  it.each([
    ["192.0.2.7", "votes", "POST"],
    ["198.51.100.7", "mine?page=p", "GET"],
    ["203.0.113.7", "voters/self", "DELETE"],
  ] as const)(
    "S80: forged account tokens are refused unread once a network sent too many: %s %s",
    async (address, route, method) => {
      const forged = await signWith("another secret than the publisher's, 32 bytes", { sub: randomUUID() });
      const body = route === "votes" ? { page: freshPage(), reaction: "great" } : undefined;
      const tries = Array.from({ length: 30 }, () =>
        from(address, `sites/forged/${route}`, method, body, forged),
      );
      const codes = (await Promise.all(tries)).map((answer) => answer.body.code);
      expect(new Set(codes)).toEqual(new Set(["account_invalid", "votes_too_fast"]));
      expect(codes.filter((code) => code === "votes_too_fast").length).toBeGreaterThan(15);
    },
  );

  it("S80: forged solutions are refused unread once a network sent too many, on both ways to a new voter", async () => {
    for (const [address, route, more] of [
      ["11.1.1.1", "voters", {}],
      ["12.1.1.1", "votes", { page: freshPage(), reaction: "great" }],
    ] as const) {
      const asked = await from(address, "sites/forged/voters", "POST");
      expect(asked.body.code).toBe("puzzle_needed");
      const solution = { ...(asked.body.puzzle as object), counter: 1, derivedKey: "00" };
      const tries = Array.from({ length: 30 }, () =>
        from(address, `sites/forged/${route}`, "POST", { ...more, solution }),
      );
      const answers = await Promise.all(tries);
      const fast = answers.filter(({ status }) => status === 429);
      expect(
        answers.some(({ body }) => body.code === "puzzle_failed"),
        route,
      ).toBe(true);
      expect(fast.length, route).toBeGreaterThan(15);
      for (const { headers } of fast)
        expect(headers.get("ratelimit-policy")).toBe('"votes-of-network";q=4;w=60');
    }
  });

  it("S91: readers of an IPv6 /48 count together, too, ten times as many", async () => {
    const limit = new NetworkLimit("moves_too_fast", "moves", 2);
    const passed = async (tries: number, addressOf: (n: number) => string): Promise<number> => {
      const all = await Promise.allSettled(Array.from({ length: tries }, (_, n) => limit.take(addressOf(n))));
      for (const one of all) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(TooFast);
      return all.filter(({ status }) => status === "fulfilled").length;
    };
    expect(await passed(30, (n) => `2001:db8:1:${n}::1`)).toBe(20);
    expect(await passed(3, (n) => `2001:db8:2:1::${n}`)).toBe(2);
    // What one network is refused is not its neighbours' loss.
    expect(await passed(60, (n) => `2001:db8:3:1::${n}`)).toBe(2);
    expect(await passed(60, (n) => `2001:db8:3:${n + 2}::1`)).toBe(18);
    expect(await passed(60, (n) => `192.0.2.${n % 30}`)).toBe(60);
  });
});

describe("over a socket", () => {
  it("S154: a refusal that passes says after how many seconds, and the client library knows it", async () => {
    const site = "votes";
    const socket = await service.socket(site);
    const page = freshPage();
    const voter = await newVoter(service.url, site);
    const acks = [];
    for (let n = 0; n < 3; n++) acks.push(await socket.emitWithAck("vote", { page, reaction: "sad", voter }));
    expect(acks.at(-1)).toMatchObject({ ok: false, problem: { code: "votes_too_fast", retryable: true } });
    const last = acks.at(-1);
    const said_s = last?.ok === false ? last.problem.retryAfter : undefined;
    // Two votes in 75 s: one comes back in half of that.
    expect(said_s).toBeGreaterThan(2);
    expect(Number.isInteger(said_s)).toBe(true);
    expect(await socket.emitWithAck("vote", { page: "" })).not.toHaveProperty("problem.retryAfter");

    const client = new Reactions({
      endpoint: service.url,
      site,
      voter: { get: () => voter, set: () => {} },
    });
    let heard = false;
    const leave = client.watch([page], () => {
      heard = true;
    });
    lifecycle.onStop("watcher", async () => leave());
    await until("the socket to stand", () => heard);
    await expect(client.vote(page, "great")).rejects.toMatchObject({
      code: "votes_too_fast",
      // Over HTTP it would come from a header.
      cause: { retryAfter: expect.any(Number) },
      retryAfter_ms: expect.toSatisfy((after_ms: number) => after_ms > 2_000),
    });
  });

  it("S154: so does one that is not let in", () => {
    const quota = { name: "tokens-of-network", quota: 1, window_s: 60 };
    expect(connectError(new TooFast("token_too_fast", quota, 41.2))).toMatchObject({
      data: { problem: { code: "token_too_fast", retryAfter: 42 } },
    });
  });
});
