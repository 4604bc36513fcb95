import { randomUUID } from "node:crypto";
import { Queue } from "bullmq";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Moderation } from "../../shared/client/moderation.ts";
import type { Order } from "../../shared/contract/order-answers.ts";
import type { OrderRequest } from "../../shared/contract/orders.ts";
import { ORDERS_PREFIX, ORDERS_QUEUE } from "../../shared/moderation/order-queue.ts";
import { call, countsOf, freshPage, newVoter, tallied, until, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis } from "../support/test-redis.ts";

const ADMIN_TOKEN = "the-admin-token-of-tests";
let service: TestService;
let moderation: Moderation;
const { redis, lifecycle } = openTestRedis();
const queue = new Queue(ORDERS_QUEUE, { connection: redis, prefix: ORDERS_PREFIX, skipMetasUpdate: true });
beforeAll(async () => {
  service = await startService(inject("redisUrl"), { ADMIN_TOKEN, TRUST_PROXY: "127.0.0.1" });
  moderation = new Moderation({ endpoint: service.url, token: ADMIN_TOKEN });
});
afterAll(async () => {
  await queue.close();
  await service.stop();
  await lifecycle.stop();
});

/** Gives an order and waits until it is done. */
async function done(request: OrderRequest): Promise<Order> {
  const { id } = await moderation.order(request);
  const order = await moderation.waitFor(id);
  expect(order.state).toBe("done");
  return order;
}

async function undone(id: string): Promise<Order> {
  return await moderation.waitFor((await moderation.undo(id)).id);
}

/** A tallied vote from a network; returns the voter's token. */
async function voteFrom(network: string, page: string, reaction: string, token?: string): Promise<string> {
  const voter = token ?? (await newVoter(service.url));
  const headers = { prefer: "wait=10", "x-forwarded-for": network };
  const { status } = await vote(service.url, { page, reaction, voter }, headers);
  expect(status).toBe(200);
  return voter;
}

const counts = async (page: string) => (await countsOf(service.url, page)).counts;

describe("orders", () => {
  it("M8, M9: a purge takes exactly what matches, tells first when asked, and can be undone once", async () => {
    const page = freshPage();
    for (let n = 0; n < 4; n++) await voteFrom("203.0.113.9", page, "angry");
    const switcher = await voteFrom("203.0.113.9", page, "angry");
    await voteFrom("198.51.100.1", page, "angry");
    await voteFrom("198.51.100.2", page, "great");
    const [raid] = (await moderation.sources(page)).list;
    expect(raid).toMatchObject({ votes: 5, counts: { angry: 5 } });
    expect(raid?.minutes.reduce((sum, { votes }) => sum + votes, 0)).toBe(5);

    const asked = { order: "purge", page, source: raid?.source ?? "", reaction: "angry" } as const;
    const dry = await done({ ...asked, dryRun: true });
    expect(dry.result).toMatchObject({ votes: 5, pages: 1, list: [{ page, counts: { angry: 5 } }] });
    expect(dry.undoUntil).toBeUndefined();
    expect(await counts(page)).toMatchObject({ angry: 6, great: 1 });

    const purge = await done({ ...asked, reason: "a raid" });
    expect(purge.result).toMatchObject({
      votes: 5,
      counts: { great: 0, sad: 0, angry: 5, recommend: 0 },
      before: { angry: 6, great: 1 },
      after: { angry: 1, great: 1 },
    });
    expect(purge).toMatchObject({ progress: 1, by: "root", reason: "a raid", undoUntil: expect.any(Number) });
    expect(await counts(page)).toMatchObject({ angry: 1, great: 1 });

    // A newer vote of one of them stays when the purge is undone.
    await voteFrom("203.0.113.9", page, "sad", switcher);
    const undo = await undone(purge.id);
    expect(undo.result).toMatchObject({
      votes: 4,
      before: { angry: 1, sad: 1 },
      after: { angry: 5, sad: 1 },
    });
    expect(await counts(page)).toEqual({ great: 1, sad: 1, angry: 5, recommend: 0 });
    await expect(moderation.undo(purge.id)).rejects.toMatchObject({ code: "undo_twice", status: 409 });
    expect(await counts(page)).toEqual({ great: 1, sad: 1, angry: 5, recommend: 0 });
  });

  it("M10: a freeze refuses later votes and tells viewers; reopen takes votes again", async () => {
    const page = freshPage();
    await voteFrom("198.51.100.1", page, "great");
    const viewer = await service.socket();
    const states: string[] = [];
    viewer.on("counts", (heard) => states.push(heard.state));
    await viewer.emitWithAck("watch", { pages: [page] });
    await done({ order: "freeze", page });
    await until("viewers to hear", () => states.includes("frozen"));
    const refused = async () =>
      (await vote(service.url, { page, reaction: "sad" })).body.code === "page_frozen";
    await until("the vote to be refused", refused);
    expect(await viewer.emitWithAck("vote", { page, reaction: "sad" })).toMatchObject({
      ok: false,
      problem: { code: "page_frozen", status: 409, retryable: false },
    });
    expect(await countsOf(service.url, page)).toMatchObject({ state: "frozen", total: 1 });
    await done({ order: "reopen", page });
    await until("viewers to hear", () => states.at(-1) === "open");
    await until(
      "votes to be taken",
      async () => (await tallied(service.url, { page, reaction: "sad" })).status === 200,
    );
  });

  it("M11: a hidden page shows zeros to everyone, and its counts again after show", async () => {
    const page = freshPage();
    await voteFrom("198.51.100.1", page, "great");
    const before = await countsOf(service.url, page);
    await done({ order: "hide", page });
    expect(await countsOf(service.url, page)).toMatchObject({
      state: "hidden",
      total: 0,
      counts: { great: 0 },
      rev: Number(before.rev) + 1,
    });
    await voteFrom("198.51.100.2", page, "great");
    expect((await countsOf(service.url, page)).total).toBe(0);
    await done({ order: "show", page });
    expect(await countsOf(service.url, page)).toMatchObject({ state: "open", total: 2, epoch: before.epoch });
  });

  it("M12: a banned voter gets 202 and counts nowhere, until the ban is lifted", async () => {
    const [one, two] = [freshPage(), freshPage()];
    const voter = await voteFrom("198.51.100.1", one, "great");
    await voteFrom("198.51.100.1", two, "sad", voter);
    await voteFrom("198.51.100.2", one, "great");
    const ban = await done({ order: "ban", voter });
    expect(ban.voter).toMatch(/^v1\./);
    expect(ban.result).toMatchObject({ votes: 2, pages: 2 });
    expect([await counts(one), await counts(two)]).toMatchObject([{ great: 1 }, { sad: 0 }]);
    // Votes of the first second may still reach the worker, which drops them too.
    for (const reaction of ["angry", "sad", "great"]) {
      expect((await vote(service.url, { page: two, reaction, voter })).status).toBe(202);
    }
    await voteFrom("198.51.100.3", two, "recommend");
    expect(await counts(two)).toEqual({ great: 0, sad: 0, angry: 0, recommend: 1 });
    await done({ order: "unban", voter: ban.voter ?? "" });
    await until("votes to count again", async () => {
      await vote(service.url, { page: two, reaction: "angry", voter }, { prefer: "wait=1" });
      return JSON.stringify(await counts(two)).includes('"angry":1');
    });
    const undo = await undone(ban.id);
    expect(undo.result).toMatchObject({ votes: 1, list: [{ page: one, counts: { great: 1 } }] });
    expect(await counts(two)).toEqual({ great: 0, sad: 0, angry: 1, recommend: 1 });
  });

  it("M13: a voter who leaves takes every record along, and may come back", async () => {
    const pages = [freshPage(), freshPage()];
    const voter = await newVoter(service.url);
    for (const page of pages) await voteFrom("198.51.100.1", page, "great", voter);
    const self = `${service.url}/v1/sites/default/voters/self`;
    const headers = { authorization: `Bearer ${voter}` };
    expect((await call(self, { method: "DELETE", headers })).status).toBe(202);
    for (const page of pages) {
      await until("the vote to go", async () => (await countsOf(service.url, page)).total === 0);
      expect(await redis.hlen(`{default:${page}}:v:1`)).toBe(0);
    }
    const [page = ""] = pages;
    await voteFrom("198.51.100.1", page, "sad", voter);
    expect(await counts(page)).toMatchObject({ sad: 1 });
    expect((await call(self, { method: "DELETE", headers })).status).toBe(202);
    await until("the vote to go again", async () => (await countsOf(service.url, page)).total === 0);
    expect((await call(self, { method: "DELETE" })).body.code).toBe("voter_missing");
  });

  it("M14: a recount mends totals that drifted, and says so", async () => {
    const page = freshPage();
    await voteFrom("198.51.100.1", page, "great");
    await redis.hset(`{default:${page}}:page`, "0", 7);
    const recount = await done({ order: "recount", page });
    expect(recount.result).toMatchObject({
      drift: { great: 6, sad: 0 },
      before: { great: 7 },
      after: { great: 1 },
    });
    expect(await counts(page)).toMatchObject({ great: 1 });
  });

  it("M14: raises the metric of drift", async () => {
    // A Redis of its own: on the shared one the worker of another test may take the order.
    const server = await startTestRedis();
    const alone = await startService(server.url, { ADMIN_TOKEN });
    const own = openTestRedis("worker", server.url);
    try {
      const page = freshPage();
      await tallied(alone.url, { page, reaction: "great" });
      await own.redis.hset(`{default:${page}}:page`, "0", 7);
      const there = new Moderation({ endpoint: alone.url, token: ADMIN_TOKEN });
      await there.waitFor((await there.order({ order: "recount" })).id);
      const metrics = await (await fetch(`${alone.url}/metrics`)).text();
      expect(metrics).toMatch(/^reactions_drift_total 6$/m);
    } finally {
      await alone.stop();
      await own.lifecycle.stop();
      await server.stop();
    }
  });

  it("M15: the audit tells who, what, when, why, how many, before and after; it is read in pages and followed", async () => {
    const page = freshPage();
    await voteFrom("198.51.100.1", page, "great");
    const [last] = (await moderation.audit({ limit: 1 })).slice(-1);
    const stop = new AbortController();
    const heard: string[] = [];
    const following = (async () => {
      for await (const entry of moderation.followAudit(last?.id ?? "0-0", stop.signal)) {
        const { what, orderId } = entry;
        // Other tests give orders to this site meanwhile.
        if (orderId === undefined || entry.page !== page) continue;
        heard.push(`${what} ${orderId}`);
        if (what === "done" && heard.length >= 2) stop.abort();
      }
    })();
    const reset = await done({ order: "reset", page, reason: "test" });
    await following.catch(() => {});
    expect(heard).toEqual([`asked ${reset.id}`, `done ${reset.id}`]);
    const lines = await moderation.audit(last === undefined ? { limit: 2 } : { after: last.id });
    expect(lines.find(({ what, orderId }) => what === "done" && orderId === reset.id)).toMatchObject({
      who: "root",
      order: "reset",
      page,
      reason: "test",
      at: expect.any(Number),
      result: { votes: 1, before: { great: 1 }, after: { great: 0 } },
    });
    const [newest] = await moderation.audit({ limit: 1 });
    const [earlier] = await moderation.audit({ before: newest?.id ?? "", limit: 1 });
    expect(String(earlier?.id) < String(newest?.id)).toBe(true);
    expect(await moderation.orders(5)).toContainEqual(await moderation.orderOf(reset.id));
  });

  it("M16: pages whose votes come from few networks or by machine are found, with the filter to purge them", async () => {
    const [raided, usual] = [freshPage(), freshPage()];
    for (let n = 0; n < 25; n++) await voteFrom("203.0.113.66", raided, "angry");
    for (let n = 0; n < 25; n++) await voteFrom(`198.51.100.${n}`, usual, "great");
    const found = async () => (await moderation.suspects()).find(({ page }) => page === raided);
    await until("the raid to be found", async () => (await found()) !== undefined);
    const suspect = await found();
    expect(suspect).toMatchObject({ votes: 25, matching: 25, sampled: false });
    expect((await moderation.suspects()).some(({ page }) => page === usual)).toBe(false);
    const {
      page,
      source,
      since,
      until: last,
    } = suspect?.filter ?? { page: "", source: "", since: 0, until: 0 };
    expect((await done({ order: "purge", page, source, since, until: last })).result?.votes).toBe(25);
  });
});

describe("refused orders", () => {
  it("M17, S1: nonsense is refused with a stable code, and leaves neither order nor audit behind", async () => {
    const page = freshPage();
    const before = await moderation.audit({ limit: 1 });
    const voter = await newVoter(service.url, "other");
    const refused: readonly [code: string, body: unknown][] = [
      ["order_invalid", []],
      ["order_invalid", null],
      ["order_unknown", {}],
      ["order_unknown", { order: "__proto__", page }],
      ["order_unknown", { order: "forget", page }],
      ["order_invalid", { order: "freeze" }],
      ["order_invalid", { order: "purge", pgae: page, source: "000000" }],
      ["order_invalid", { order: "freeze", page, dryRun: true }],
      ["page_invalid", { order: "freeze", page: "" }],
      ["filter_empty", { order: "purge", page }],
      ["filter_empty", { order: "purge" }],
      ["order_invalid", { order: "purge", page, since: 2, until: 1 }],
      ["order_invalid", { order: "purge", page, since: -1 }],
      ["order_invalid", { order: "purge", page, since: "yesterday" }],
      ["order_invalid", { order: "purge", page, source: "zz" }],
      ["reaction_unknown", { order: "purge", page, reaction: "love" }],
      ["voter_invalid", { order: "purge", page, voter: "x" }],
      ["voter_invalid", { order: "ban", voter }],
      ["order_invalid", { order: "ban" }],
      ["order_invalid", { order: "ban", voter: "0123456789abcdef" }],
      ["order_invalid", { order: "reset", page, reason: "x".repeat(501) }],
      ["order_invalid", { order: "reset", page, reason: "\u001b[2J" }],
      ["order_invalid", { order: "reset", page, dryRun: "yes" }],
    ];
    for (const [code, body] of refused) {
      const answer = await call(`${service.url}/v1/sites/default/orders`, {
        method: "POST",
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
        body: JSON.stringify(body),
      });
      expect(answer.body.code, JSON.stringify(body)?.slice(0, 80)).toBe(code);
    }
    const get = async (path: string) =>
      (
        await call(`${service.url}/v1/sites/default/${path}`, {
          headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
        })
      ).body.code;
    expect(await get("orders/nothing")).toBe("order_not_found");
    expect(await get("orders/a%20b")).toBe("order_not_found");
    expect(await get("audit?after=x")).toBe("query_invalid");
    expect(await get("audit?limit=0")).toBe("query_invalid");
    expect(await get("orders?limit=99999999")).toBe("query_invalid");
    expect(await get("sources")).toBe("page_invalid");
    expect(await moderation.audit({ limit: 1 })).toEqual(before);
  });

  it("M18, S51: reading needs a token of scope read, ordering one of scope moderate", async () => {
    const page = freshPage();
    const made = await moderation.createToken({ name: `r-${randomUUID().slice(0, 12)}`, scope: "read" });
    const reading = new Moderation({ endpoint: service.url, token: made.token });
    expect((await reading.sources(page)).votes).toBe(0);
    await expect(reading.order({ order: "reset", page })).rejects.toMatchObject({ code: "scope_missing" });
    const nobody = new Moderation({ endpoint: service.url, token: "nobody" });
    await expect(nobody.audit()).rejects.toMatchObject({ code: "token_invalid", status: 401 });
  });

  it("M9: an undo is refused after 7 days, of what cannot be undone, and of what is not there", async () => {
    const page = freshPage();
    const freeze = await done({ order: "freeze", page });
    await expect(moderation.undo(freeze.id)).rejects.toMatchObject({ code: "undo_unfit" });
    await expect(moderation.undo("nothing")).rejects.toMatchObject({ code: "order_not_found" });
    const other = new Moderation({ endpoint: service.url, token: ADMIN_TOKEN, site: "other" });
    await expect(other.undo(freeze.id)).rejects.toMatchObject({ code: "order_not_found" });
    const id = `o${randomUUID()}`;
    const at = Date.now() - 8 * 86_400_000;
    await queue.add(
      ORDERS_QUEUE,
      { version: 1, site: "default", order: "reset", page, at, by: "test" },
      { jobId: id },
    );
    await moderation.waitFor(id);
    await expect(moderation.undo(id)).rejects.toMatchObject({ code: "undo_expired", status: 410 });
  });
});
