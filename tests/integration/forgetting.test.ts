/** What is kept for a while goes by itself when the while is over. */
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFileIfAny } from "../../services/standalone/read-file-if-any.ts";
import { rewriteDaily } from "../../services/worker/rewrite-daily.ts";
import { forgetReaders } from "../../services/worker/start-forgetting.ts";
import { startOrders } from "../../services/worker/start-orders.ts";
import { isBanned, liftBan, setBan } from "../../shared/moderation/bans.ts";
import {
  ORDERS_PREFIX,
  ORDERS_QUEUE,
  OrderQueue,
  READERS_PREFIX,
  READERS_QUEUE,
} from "../../shared/moderation/order-queue.ts";
import { leaveMove } from "../../shared/moderation/standing-moves.ts";
import { leaveRule } from "../../shared/moderation/standing-rules.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import { firstSourceOf, neighbourhoodIn, roughNeighbourhoodIn, Sources } from "../../shared/votes/source.ts";
import { until } from "../support/reader.ts";
import { type RedisProcess, startRedisProcess } from "../support/redis-process.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const DAY_MS = 86_400_000;
const NOW = Date.now();
const SECRET = "a secret that only tests know";

// Its files are looked into.
let server: RedisProcess;
let parts: ReturnType<typeof openTestRedis>;
beforeAll(async () => {
  server = await startRedisProcess();
  parts = openTestRedis("worker", server.url);
  await parts.redis.ping();
});
afterAll(async () => {
  await parts.lifecycle.stop();
  await server.stop();
});

const namesIn = async (key: string): Promise<readonly string[]> => (await parts.redis.hkeys(key)).sort();

/** All that stands in the folder of Redis's append-only files. */
function written(): string {
  const folder = join(server.dataDir, "redis", "appendonlydir");
  return readdirSync(folder)
    .map((name) => readFileIfAny(join(folder, name)) ?? "")
    .join("\n");
}

describe("what orders leave behind", () => {
  it("S146: moves go after a day, rules and lifted bans after eight, though no other order comes", async () => {
    const { redis } = parts;
    const site = `s-${randomUUID()}`;
    const rule = { mode: "drop", voter: "v1.gone", since: 0, until: NOW, keptUntil: 0 } as const;
    await leaveRule(redis, site, { ...rule, order: "old" }, NOW - 8 * DAY_MS);
    await leaveRule(redis, site, { ...rule, order: "young" }, NOW - 7 * DAY_MS);
    await leaveMove(redis, site, { order: "old", from: "v1.a", to: "v1.b", until: NOW - DAY_MS });
    await leaveMove(redis, site, { order: "young", from: "v1.c", to: "v1.d", until: NOW - DAY_MS + 1 });
    await setBan(redis, site, "v1.banned", NOW - 90 * DAY_MS, "one");
    for (const [voter, days] of [
      ["v1.lifted-long-ago", 8],
      ["v1.lifted-lately", 7],
    ] as const) {
      await setBan(redis, site, voter, NOW - 30 * DAY_MS, "two");
      await liftBan(redis, site, voter, NOW - days * DAY_MS);
    }
    await forgetReaders(redis, site, NOW);
    expect(await namesIn(`{site:${site}}:rules`)).toEqual(["young"]);
    expect(await redis.zrange(`{site:${site}}:rule-times`, "0", "-1")).toEqual(["young"]);
    expect(await namesIn(`{site:${site}}:moves`)).toEqual(["young"]);
    expect(await redis.zrange(`{site:${site}}:move-times`, "0", "-1")).toEqual(["young"]);
    expect(await namesIn(`{site:${site}}:bans`)).toEqual(["v1.banned", "v1.lifted-lately"]);
    expect(await isBanned(redis, site, "v1.banned")).toBe(true);
  });

  it("S146: orders that were done thirty days ago go, and those that were given up", async () => {
    const { redis } = parts;
    const orders = new OrderQueue(redis, () => {});
    const given = { version: 1, site: "default", at: NOW, by: "test" } as const;
    const isDone = (id: string) => async () => (await orders.look(id))?.state === "completed";
    try {
      startOrders(redis, openMetrics(), parts.lifecycle, openLog("test", "silent"));
      for (const id of ["o-old", "o-young"]) {
        await orders.add(id, { ...given, order: "ban", voter: "v1.banned" });
        await until("the order to be done", isDone(id));
      }
      const then = NOW - 30 * DAY_MS - 60_000;
      await redis.hset(`${ORDERS_PREFIX}:${ORDERS_QUEUE}:o-old`, "finishedOn", then);
      await redis.zadd(`${ORDERS_PREFIX}:${ORDERS_QUEUE}:completed`, then, "o-old");
      // One that failed for good, as BullMQ keeps it.
      const failed = `${READERS_PREFIX}:${READERS_QUEUE}`;
      await redis.hset(`${failed}:o-failed`, {
        name: READERS_QUEUE,
        data: "{}",
        finishedOn: then,
        timestamp: then,
      });
      await redis.zadd(`${failed}:failed`, then, "o-failed");
      await orders.dropOld();
      expect(await orders.find("o-old")).toBeUndefined();
      expect(await orders.find("o-young")).toBeDefined();
      expect(await redis.exists(`${failed}:o-failed`)).toBe(0);
    } finally {
      await orders.close();
    }
  });
});

describe("sources", () => {
  it("S141: two services of one secret agree, and one with another secret cannot tell what they hash", async () => {
    const { redis } = parts;
    const hashes = async (secret: string): Promise<readonly number[]> => {
      const sources = new Sources(redis, secret);
      await sources.refresh(NOW);
      return Array.from({ length: 20 }, (_, n) => sources.hash(`192.0.${n}.7`));
    };
    const mine = await hashes("a secret that only tests know");
    expect(await hashes("a secret that only tests know")).toEqual(mine);
    expect(await hashes("a secret of somebody else")).not.toEqual(mine);
  });

  it("S141: what was hashed lately and forgotten hashes to the same again", async () => {
    const { redis } = parts;
    const sources = new Sources(redis, SECRET);
    await sources.refresh(NOW);
    const before = sources.hash("192.0.2.7");
    sources.age();
    sources.age();
    expect(sources.hash("192.0.2.7")).toBe(before);
  });

  it("V49: networks of one /24 or /48 have their neighbourhood in common, and hardly any other has", async () => {
    const { redis } = parts;
    const sources = new Sources(redis, SECRET);
    await sources.refresh(NOW);
    const neighbourhoods = (addressOf: (n: number) => string): number =>
      new Set(Array.from({ length: 200 }, (_, n) => neighbourhoodIn(sources.hash(addressOf(n))))).size;
    expect(neighbourhoods((n) => `192.0.2.${n}`)).toBe(1);
    expect(neighbourhoods((n) => `2001:db8:7:${n}::1`)).toBe(1);
    expect(neighbourhoods((n) => `198.51.${n}.7`)).toBeGreaterThan(196);
    const source = sources.hash("192.0.2.7");
    expect(firstSourceOf(neighbourhoodIn(source))).toBe(source - (source % 64));
    expect(roughNeighbourhoodIn(source)).toBe(Math.floor(source / 2 ** 10));
  });

  it("S8: the key of a day ends with the next day (UTC), whenever it was drawn", async () => {
    const { redis } = parts;
    // A day of its own: the key of today is there already.
    const begin_ms = Math.ceil(NOW / DAY_MS + 100) * DAY_MS;
    await new Sources(redis, SECRET).refresh(begin_ms + DAY_MS - 60_000);
    const left_ms = await redis.pttl(`source-key:${begin_ms / DAY_MS}`);
    expect(left_ms).toBeGreaterThan(DAY_MS);
    expect(left_ms).toBeLessThanOrEqual(DAY_MS + 60_000);
  });
});

describe("Redis's append-only file", () => {
  it("S142: is written anew once a day, and then holds no key of sources from before yesterday", async () => {
    const { redis } = parts;
    const day = Math.floor(NOW / DAY_MS);
    const keep = async (of: number, text: string) =>
      void (await redis.set(`source-key:${of}`, text, "PX", 9e8));
    // On the first day there is nothing to forget.
    expect(await rewriteDaily(redis, NOW - DAY_MS)).toBeUndefined();
    await keep(day - 2, "the-key-of-the-day-before-yesterday");
    await keep(day - 1, "the-key-of-yesterday");
    expect(written()).toContain("the-key-of-the-day-before-yesterday");
    expect(await rewriteDaily(redis, NOW)).toBeUndefined();
    await until("the old key to be gone from the files", () => !written().includes("before-yesterday"));
    expect(written()).toContain("the-key-of-yesterday");
    expect(await redis.get(`source-key:${day - 1}`)).toBe("the-key-of-yesterday");
    await until("the end of it", async () =>
      /^aof_rewrite_in_progress:0/m.test(await redis.info("persistence")),
    );
    // Once a day.
    await keep(day - 3, "a-key-that-came-late");
    await rewriteDaily(redis, NOW + 60_000);
    expect(await redis.info("persistence")).toMatch(/^aof_rewrite_in_progress:0/m);
    expect(written()).toContain("a-key-that-came-late");
  });

  it("S142: where Redis does not allow that, it is said, and asked for again the next day only", async () => {
    const { redis } = parts;
    await redis.acl("SETUSER", "default", "-bgrewriteaof");
    try {
      expect(await rewriteDaily(redis, NOW + DAY_MS)).toMatch(/^NOPERM/);
      expect(await rewriteDaily(redis, NOW + DAY_MS + 1)).toBeUndefined();
    } finally {
      await redis.acl("SETUSER", "default", "+bgrewriteaof");
    }
  });
});
