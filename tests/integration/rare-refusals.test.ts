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
