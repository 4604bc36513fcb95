/** Refusals that want a service of their own: of what is full, of an order that is under way, and of what is no request. */
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { Queue } from "bullmq";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ORDERS_PREFIX, ORDERS_QUEUE } from "../../shared/moderation/order-queue.ts";
import { ADMIN_TOKEN, moderator } from "../support/moderator.ts";
import { call, freshPage } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const FULL = 1_000;

let server: TestRedis;
let own: ReturnType<typeof openTestRedis>;
let service: TestService;
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

function ask(method: string, path: string, body?: object) {
  return call(`${service.url}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Copies the entry of `name` in a hash under other names, until the hash is full. */
async function fill(key: string, name: string): Promise<void> {
  const entry = (await own.redis.hget(key, name)) ?? "";
  const there = await own.redis.hlen(key);
  const names = Array.from({ length: FULL - there }, (_, n) => `${name}-${n}`);
  await own.redis.hset(
    key,
    new Map(names.map((other) => [other, entry.replaceAll(`"${name}"`, `"${other}"`)])),
  );
}

/** What the service says to these bytes: the status, and the code of the problem. */
async function sayRaw(bytes: string): Promise<readonly [string | undefined, unknown]> {
  const socket = connect(Number(new URL(service.url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(bytes);
  const answer = await text(socket);
  const [head = "", body = "{}"] = answer.split("\r\n\r\n");
  return [/^HTTP\/1\.1 (\d+)/.exec(head)?.[1], JSON.parse(body).code];
}

describe("what is full", () => {
  it("S126: takes no more named tokens, and a new one once one is revoked", async () => {
    const make = (name: string) => ask("POST", "tokens", { name, scope: "read" });
    expect((await make("many")).status).toBe(201);
    await fill("tokens", "many");
    expect(await make("more")).toMatchObject({ status: 409, body: { code: "tokens_full" } });
    expect(await own.redis.hlen("tokens")).toBe(FULL);
    expect((await ask("DELETE", "tokens/many-7")).status).toBe(204);
    expect((await make("more")).status).toBe(201);
  });

  it("S126: takes no more sites, and those that are there are put again", async () => {
    expect((await ask("PUT", "sites/many", { name: "Many" })).status).toBe(201);
    await fill("{sites}:records", "many");
    expect(await ask("PUT", "sites/more", { name: "More" })).toMatchObject({
      status: 409,
      body: { code: "sites_full" },
    });
    expect(await own.redis.hlen("{sites}:records")).toBe(FULL);
    expect((await ask("PUT", "sites/many-7", { name: "Many, too" })).status).toBe(200);
  });
});

describe("lists of sources", () => {
  it("S151: are made four at a time, and others are told when to come again", async () => {
    await server.pause();
    const asked = Promise.all(Array.from({ length: 12 }, () => ask("GET", "sites/default/sources?page=p")));
    const answers = await asked.finally(() => server.resume());
    const full = answers.filter(({ body }) => body.code === "overloaded");
    expect(full).toHaveLength(8);
    for (const { status, headers } of full) expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
    expect((await ask("GET", "sites/default/sources?page=p")).status).toBe(200);
  });
});

describe("an order that is under way", () => {
  it("M9: is not undone before it is done", async () => {
    const orders = new Queue(ORDERS_QUEUE, {
      connection: own.redis,
      prefix: ORDERS_PREFIX,
      skipMetasUpdate: true,
    });
    const moderation = moderator(service.url);
    await orders.pause();
    const { id } = await moderation.order({ order: "reset", page: freshPage() });
    await expect(moderation.undo(id)).rejects.toMatchObject({ code: "order_unfinished", status: 409 });
    await orders.resume();
    expect((await moderation.waitFor(id)).state).toBe("done");
    await moderation.undo(id);
    await orders.close();
  });
});

describe("what is no request", () => {
  it("S65: is answered as a problem, and its connection ends", async () => {
    expect(await sayRaw("NO SUCH THING\r\n\r\n")).toEqual(["400", "header_invalid"]);
    expect(await sayRaw("GET /oembed?url=x HTTP/1.1\r\nhost: [\r\nconnection: close\r\n\r\n")).toEqual([
      "400",
      "header_invalid",
    ]);
    expect(await sayRaw(`GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(70_000)}\r\n\r\n`)).toEqual([
      "431",
      "header_too_large",
    ]);
  });
});

/** Targets that are no path: whole addresses, right and wrong, and what only looks like one. */
function targetsOf(path: string): readonly string[] {
  return [
    `http://a:99999${path}`,
    `http://a${path}`,
    `HTTP://[::1${path}`,
    `http://${path}`,
    `x-y.z+1://u:p@a${path}`,
    `/${path}`,
    `//a:99999${path}`,
    `//u@[::1${path}#x`,
    `//u@[::1\u00a0${path}`,
    `/\\u@a:99999${path}#x`,
    `${path}#?page=x`,
    `${path}??page=x`,
    `${path}?page=%`,
  ];
}

/** Routes of every kind, those in front of Express among them. */
const ROUTES = [
  "GET /v1/sites/default/counts",
  "GET /v1/sites/default/mine",
  "GET /v1/sites/default/hot",
  "GET /v1/sites/default/timeline",
  "GET /v1/sites/default/badge.svg",
  "GET /v1/sites/default/timeline.svg",
  "GET /v1/sites/default/pages",
  "GET /v1/sites/default/base",
  "GET /v1/sites/default/sources",
  "GET /v1/sites/default/audit",
  "GET /v1/sites/default/export",
  "POST /v1/sites/default/import",
  "POST /v1/sites/default/votes",
  "POST /v1/sites/default/voters",
  "DELETE /v1/sites/default/voters/self",
  "GET /v1/sites",
  "GET /v1/tokens",
  "GET /embed",
  "GET /oembed",
  "GET /docs",
  "GET /healthz",
  "GET /openapi.json",
  "GET /dashboard",
  "GET /socket.io/",
  "GET /",
];

describe("request targets that are no path", () => {
  /** The answer's status and what follows its head. */
  async function target(method: string, target: string): Promise<readonly [number, string]> {
    const socket = connect(Number(new URL(service.url).port), "127.0.0.1");
    await once(socket, "connect");
    const head = `${method} ${target} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
    socket.write(head, "latin1");
    const [first = "", ...rest] = (await text(socket)).split("\r\n\r\n");
    return [Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1]), rest.join("\r\n\r\n")];
  }

  it.each(ROUTES)("S147: are no fault of ours at %s", async (route) => {
    const [method = "", path = ""] = route.split(" ");
    const answers = targetsOf(path).map(async (odd) => ({ odd, answer: await target(method, odd) }));
    for (const { odd, answer } of await Promise.all(answers)) {
      const [status, body] = answer;
      expect(status, `${method} ${odd}`).toBeLessThan(500);
      expect(status, `${method} ${odd}`).toBeGreaterThanOrEqual(200);
      if (status >= 400) expect(body, `${method} ${odd}`).toMatch(/"code":"[a-z_]+"|That did not work/);
    }
  });

  it("S147: are read when they say a whole address", async () => {
    const path = "/v1/sites/default/counts?page=x";
    const plain = await target("GET", path);
    expect(plain[0]).toBe(200);
    expect(await target("GET", `http://a:99999${path}`)).toEqual(plain);
    expect((await target("GET", "http://a?page=x"))[0]).toBe((await target("GET", "/"))[0]);
    const asked = encodeURIComponent("http://reactions.example/embed?page=p");
    const [status, body] = await target("GET", `http://reactions.example/oembed?url=${asked}`);
    expect([status, JSON.parse(body).provider_url]).toEqual([200, "http://reactions.example"]);
  });

  it("S147: are refused when they say nothing", async () => {
    for (const method of ["GET", "POST", "DELETE"]) expect((await target(method, "*"))[0], method).toBe(404);
    expect((await target("OPTIONS", "*"))[0]).toBe(204);
  });
});
