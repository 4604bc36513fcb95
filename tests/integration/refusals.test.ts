import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { keysIn } from "../support/each-master.ts";
import { call, countsOf, freshPage, newVoter, vote } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const withoutPuzzles = writeSitesFile([{ id: "default", name: "Default", puzzle: "off" }]);

/** A Redis into which nobody votes, so that whatever appears in it was left by a refusal. */
let server: TestRedis;
let own: ReturnType<typeof openTestRedis>;
let service: TestService;
beforeAll(async () => {
  server = await startTestRedis();
  own = openTestRedis("worker", server.url);
  service = await startService(server.url);
});
afterAll(async () => {
  await service.stop();
  await own.lifecycle.stop();
  await server.stop();
});

/** Bodies that are no vote, by the code of their refusal; `page` is put in where a good one is needed. */
function badVotes(page: string): readonly [code: string, body: unknown][] {
  return [
    ["body_invalid", "{"],
    ["body_invalid", ""],
    ["body_invalid", "[]"],
    ["body_invalid", "null"],
    ["body_invalid", '"great"'],
    ["body_invalid", "[".repeat(4_000)],
    ["page_invalid", {}],
    ["page_invalid", { reaction: "great" }],
    ["page_invalid", { page: "", reaction: "great" }],
    ["page_invalid", { page: "x".repeat(513), reaction: "great" }],
    ["page_invalid", { page: `${page}\u0007`, reaction: "great" }],
    ["page_invalid", { page: "__proto__", reaction: "great" }],
    ["page_invalid", { page: [page], reaction: "great" }],
    ["reaction_unknown", { page }],
    ["reaction_unknown", { page, reaction: "GREAT" }],
    ["reaction_unknown", { page, reaction: "love" }],
    ["reaction_unknown", { page, reaction: "__proto__" }],
    ["reaction_unknown", { page, reaction: 0 }],
    ["reaction_unknown", { page, reaction: ["great"] }],
    ["voter_invalid", { page, reaction: "great", voter: "" }],
    ["voter_invalid", { page, reaction: "great", voter: null }],
    [
      "voter_invalid",
      { page, reaction: "great", voter: "a1.1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA" },
    ],
  ];
}

/** What the service keeps for itself, votes or not: who lives, what is due, the key of the day. */
const HOUSEKEEPING =
  /^\{sites\}:reactions$|^\{(?:processes|orders|readers|retention|forgetting|watch|webhooks)\}|:(?:meta|stalled-check)$|^(?:source-key:|rewritten$)|\}:watching(?::|$)/;

/** Every key of votes, voters, pages, sites and the queue, whose counter of jobs and list of events are keys, too. */
async function allKept(): Promise<readonly string[]> {
  return (await keysIn(own.redis, "*")).filter((key) => !HOUSEKEEPING.test(key));
}

/** What this would be in a socket's message. */
function asPayload(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

describe("refusals", () => {
  it("S1, S2: malformed votes get a problem with a stable code and leave nothing behind", async () => {
    const page = freshPage();
    for (const [code, body] of badVotes(page)) {
      const answer = await vote(service.url, body);
      const shown = JSON.stringify(body).slice(0, 80);
      expect(answer.body, shown).toMatchObject({
        code,
        retryable: false,
        status: answer.status,
        type: `/problems/${code}`,
      });
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.headers.get("retry-after")).toBeNull();
      expect(answer.status).toBe(code === "voter_invalid" ? 401 : 400);
    }
    expect(await allKept()).toEqual([]);
  });

  it("S1, S2, S10: and so they do over a socket", async () => {
    const page = freshPage();
    const socket = await service.socket();
    for (const [code, body] of badVotes(page)) {
      expect(
        await socket.emitWithAck("vote", asPayload(body)),
        JSON.stringify(body).slice(0, 80),
      ).toMatchObject({ ok: false, problem: { code, retryable: false, type: `/problems/${code}` } });
    }
    expect(await allKept()).toEqual([]);
  });

  it("S12, S1: a hundred and one pages, and pages that are none, are not read either", async () => {
    const socket = await service.socket();
    const headers = { authorization: `Bearer ${await newVoter(service.url)}` };
    const many = Array.from({ length: 101 }, () => freshPage());
    for (const [code, pages] of [
      ["too_many_pages", many],
      ["pages_invalid", []],
      ["page_invalid", [""]],
      ["page_invalid", ["__proto__"]],
      ["page_invalid", ["x".repeat(513)]],
      ["page_invalid", [`${many[0]}\u0007`]],
    ] as const) {
      const query = new URLSearchParams(pages.map((page) => ["page", page]));
      for (const route of ["mine", "counts"])
        expect(
          await call(`${service.url}/v1/sites/default/${route}?${query}`, { headers }),
          code,
        ).toMatchObject({ status: 400, body: { code, retryable: false } });
      expect(await socket.emitWithAck("watch", { pages })).toMatchObject({ ok: false, problem: { code } });
    }
    expect(await allKept()).toEqual([]);
  });

  it("S2: a body that is not UTF-8, or of another type, is refused", async () => {
    const page = freshPage();
    const send = (body: BodyInit, type: string) =>
      call(`${service.url}/v1/sites/default/votes`, {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
    const latin1 = Buffer.concat([
      Buffer.from(`{"page":"${page}`),
      Buffer.from([0xe9]),
      Buffer.from('","reaction":"great"}'),
    ]);
    expect(await send(latin1, "application/json")).toMatchObject({
      status: 400,
      body: { code: "body_invalid" },
    });
    const good = JSON.stringify({ page, reaction: "great" });
    for (const type of ["application/xml", "multipart/form-data", "application/json; charset=utf-16", "x"]) {
      expect(await send(good, type), type).toMatchObject({
        status: 415,
        body: { code: "media_type_unknown" },
      });
    }
    expect(await allKept()).toEqual([]);
  });

  it("S3: a body of a megabyte is refused with 413, announced or not", async () => {
    const page = freshPage();
    const body = JSON.stringify({ page, reaction: "great", more: "x".repeat(1_000_000) });
    expect(await vote(service.url, body)).toMatchObject({
      status: 413,
      body: { code: "body_too_large", retryable: false },
    });
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/sites/default/votes HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${(9_000).toString(16)}\r\n${"x".repeat(9_000)}\r\n`,
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
    expect(await allKept()).toEqual([]);
    expect((await call(`${service.url}/healthz`)).status).toBe(200);
  });

  it("S4: a site that is not there is 404, whatever its name", async () => {
    const page = freshPage();
    for (const site of [
      "nobody",
      "__proto__",
      "constructor",
      "Default",
      "default%00",
      "a b",
      "%E0%A4%A",
      "..%2f",
      "x".repeat(300),
    ]) {
      for (const route of ["votes", "voters"]) {
        const answer = await call(`${service.url}/v1/sites/${site}/${route}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ page, reaction: "great" }),
        });
        expect(answer.status, `${site} ${route}`).toBe(404);
        expect(["site_unknown", "route_unknown"]).toContain(answer.body.code);
      }
      expect((await call(`${service.url}/v1/sites/${site}/counts?page=p`)).status, site).toBe(404);
      await expect(service.socket(site), site).rejects.toMatchObject({
        data: { problem: { code: "site_unknown", status: 404 } },
      });
    }
    expect(await allKept()).toEqual([]);
  });

  it("S5: forged, truncated and foreign tokens are refused, in the body and in the header", async () => {
    const page = freshPage();
    const voter = await newVoter(service.url);
    const foreign = await newVoter(service.url, "other");
    const socket = await service.socket();
    const flipped = voter.slice(0, -2) + (voter.at(-2) === "A" ? "B" : "A") + voter.slice(-1);
    for (const token of [
      voter.slice(0, -1),
      flipped,
      foreign,
      `${voter}.x`,
      // Both cut in three parts, as a JWT has.
      voter.replace(/\.[^.]+$/, ""),
      voter.replace(/\.[^.]+\.[^.]+$/, "."),
      voter.replace(/\.[^.]+$/, "."),
    ]) {
      expect(await vote(service.url, { page, reaction: "great", voter: token })).toMatchObject({
        status: 401,
        body: { code: "voter_invalid" },
      });
      expect(await socket.emitWithAck("vote", { page, reaction: "great", voter: token })).toMatchObject({
        ok: false,
        problem: { code: "voter_invalid", status: 401 },
      });
      const header = { authorization: `Bearer ${token}` };
      expect(await vote(service.url, { page, reaction: "great" }, header)).toMatchObject({
        status: 401,
        body: { code: "voter_invalid" },
      });
    }
    expect(await allKept()).toEqual([]);
  });

  it("S1: an address or a method that is not there is a problem too", async () => {
    expect(await call(`${service.url}/v2`)).toMatchObject({ status: 404, body: { code: "route_unknown" } });
    expect(await call(`${service.url}/%E0%A4%A`)).toMatchObject({
      status: 404,
      body: { code: "route_unknown" },
    });
    expect(await call(`${service.url}/v1/sites/default/votes`)).toMatchObject({
      status: 405,
      body: { code: "method_unknown" },
    });
    expect(await call(`${service.url}/v1/sites/default/counts`, { method: "DELETE" })).toMatchObject({
      status: 405,
    });
    const { body } = await call(`${service.url}/problems/page_invalid`);
    expect(body).toMatchObject({ code: "page_invalid", status: 400 });
  });

  it("S1: bytes that are no HTTP, and headers without end, are answered and end the connection", async () => {
    const { hostname, port } = new URL(service.url);
    for (const [bytes, status] of [
      ["\u0016\u0003\u0001 hello\r\n\r\n", 400],
      [`GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(70_000)}\r\n\r\n`, 431],
    ] as const) {
      const socket = connect(Number(port), hostname);
      socket.write(bytes);
      const [answer] = (await once(socket, "data")) as [Buffer];
      expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      socket.destroy();
    }
  });

  it("S1: an expectation that nobody knows changes nothing", async () => {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    socket.write("GET /v2 HTTP/1.1\r\nhost: x\r\nexpect: a miracle\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 404 .*"code":"route_unknown"/s);
    socket.destroy();
  });

  it("S1: after all this a good vote is taken, and leaves something", async () => {
    expect((await vote(service.url, { page: freshPage(), reaction: "great" })).status).toBe(202);
    expect(await allKept()).not.toEqual([]);
  });
});

describe("what Redis holds", () => {
  it("S8: Redis holds neither tokens nor addresses, and other pseudonyms on every page", async () => {
    const { redis, lifecycle } = openTestRedis();
    onTestFinished(() => lifecycle.stop());
    const shared = await startService(inject("redisUrl"));
    onTestFinished(() => shared.stop());
    const [one, two] = [freshPage(), freshPage()];
    const voter = await newVoter(shared.url);
    for (const page of [one, two])
      await vote(shared.url, { page, reaction: "great", voter }, { prefer: "wait=10" });
    const fields = await Promise.all([one, two].map((page) => redis.hgetallBuffer(`{default:${page}}:v:1`)));
    const [first, second] = fields.map((hash) => Object.keys(hash));
    expect(first).toHaveLength(1);
    expect(first).not.toEqual(second);
    const dump = JSON.stringify(fields) + (await keysIn(redis, "*")).join();
    expect(dump).not.toContain(voter.split(".")[2]);
    expect(dump).not.toContain("127.0.0.1");
  });
});

describe("limits", () => {
  it("S9, S6: one network makes at most 600 voters a minute; a forged X-Forwarded-For changes nothing", async () => {
    // A Redis of its own: other tests' voters come from the same network, and would be among the 600.
    const server = await startTestRedis();
    const limited = await startService(server.url, { LIMITS: "on" });
    try {
      const make = (n: number) =>
        call(`${limited.url}/v1/sites/default/voters`, {
          method: "POST",
          headers: { "x-forwarded-for": `203.0.113.${n % 250}` },
        });
      const statuses: number[] = [];
      for (let round = 0; round < 31; round++) {
        const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => make(round * 20 + n)));
        statuses.push(...answers.map(({ status }) => status));
      }
      expect(statuses.filter((status) => status === 201)).toHaveLength(600);
      const refused = await make(0);
      expect(refused).toMatchObject({ status: 429, body: { code: "voters_too_fast", retryable: true } });
      const wait_s = Number(refused.headers.get("retry-after"));
      expect(wait_s).toBeGreaterThan(0);
      expect(refused.headers.get("ratelimit-policy")).toBe('"voters-of-network";q=600;w=60');
      expect(refused.headers.get("ratelimit")).toBe(`"voters-of-network";r=0;t=${wait_s}`);
      const page = freshPage();
      expect((await vote(limited.url, { page, reaction: "great" })).status).toBe(429);
      expect((await countsOf(limited.url, page)).total).toBe(0);
    } finally {
      await limited.stop();
      await server.stop();
    }
  });

  it("S6: behind a trusted proxy each reader has their own address", async () => {
    const trusting = await startService(inject("redisUrl"), {
      SITES_FILE: withoutPuzzles,
      LIMITS: "on",
      TRUST_PROXY: "127.0.0.1",
    });
    try {
      const make = (n: number) =>
        call(`${trusting.url}/v1/sites/default/voters`, {
          method: "POST",
          headers: { "x-forwarded-for": `203.0.113.${n}` },
        });
      for (let round = 0; round < 32; round++) {
        const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => make(n)));
        expect(answers.every(({ status }) => status === 201)).toBe(true);
      }
    } finally {
      await trusting.stop();
    }
  });
});
