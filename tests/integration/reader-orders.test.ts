/** Orders of readers and of moderators: neither wait for the other. */
import { Queue } from "bullmq";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOrders } from "../../services/worker/start-orders.ts";
import type { StoredOrder } from "../../shared/moderation/order-job.ts";
import {
  ORDERS_PREFIX,
  ORDERS_QUEUE,
  OrderQueue,
  READERS_PREFIX,
  READERS_QUEUE,
} from "../../shared/moderation/order-queue.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import { call, newVoter, until } from "../support/reader.ts";
import { startService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const WAITING_MAX = 1_000;

let server: TestRedis;
let parts: ReturnType<typeof openTestRedis>;
let orders: OrderQueue;
let moderators: Queue;
let readers: Queue;

beforeAll(async () => {
  server = await startTestRedis();
  parts = openTestRedis("worker", server.url);
  const { redis: connection } = parts;
  orders = new OrderQueue(connection, () => {});
  moderators = new Queue(ORDERS_QUEUE, { connection, prefix: ORDERS_PREFIX, skipMetasUpdate: true });
  readers = new Queue(READERS_QUEUE, { connection, prefix: READERS_PREFIX, skipMetasUpdate: true });
});
afterAll(async () => {
  await Promise.all([orders.close(), moderators.close(), readers.close()]);
  await parts.lifecycle.stop();
  await server.stop();
});

const freeze = (page: string): StoredOrder => ({
  version: 1,
  site: "default",
  order: "freeze",
  page,
  at: Date.now(),
  by: "test",
});
const leave = (n: number): StoredOrder => ({
  version: 1,
  site: "default",
  order: "forget",
  voter: `v1.${n}`,
  at: Date.now(),
  by: "reader",
});
const isDone = async (id: string) => (await (await orders.find(id))?.getState()) === "completed";

describe("readers' orders and moderators'", () => {
  it("S125: a crowd of readers who leave is asked to come again, and moderators are not", async () => {
    for (let n = 0; n < WAITING_MAX; n += 100)
      await Promise.all(Array.from({ length: 100 }, (_, i) => orders.add(`o-${n + i}`, leave(n + i))));
    await expect(orders.add("o-late", leave(WAITING_MAX))).rejects.toMatchObject({
      problem: { code: "orders_full" },
    });
    expect(await readers.getWaitingCount()).toBe(WAITING_MAX);
    await orders.add("o-early", freeze("one"));
    expect(await moderators.getWaitingCount()).toBe(1);
  });

  it("S125: each is carried out while the other waits", async () => {
    await readers.drain();
    await readers.pause();
    await orders.add("o-leaves", leave(1));
    await orders.add("o-freeze", freeze("two"));
    startOrders(parts.redis, openMetrics(), parts.lifecycle, openLog("test", "silent"));
    await until("the freeze", () => isDone("o-freeze"));
    expect(await readers.getJob("o-leaves")).toBeDefined();

    await moderators.pause();
    await orders.add("o-later", freeze("three"));
    await readers.resume();
    // Nothing is kept of a reader's order that is done.
    await until("who leaves", async () => (await readers.getJob("o-leaves")) === undefined);
    expect(await isDone("o-later")).toBe(false);
    await moderators.resume();
    await until("the later freeze", () => isDone("o-later"));
  });

  it("S91, S125: a network whose readers leave too often is told to wait; the others wait among readers", async () => {
    const { url, stop } = await startService(server.url, { LIMITS: "on" });
    await readers.pause();
    try {
      const voter = await newVoter(url);
      const answers = await Promise.all(
        Array.from({ length: 21 }, () =>
          call(`${url}/v1/sites/default/voters/self`, {
            method: "DELETE",
            headers: { authorization: `Bearer ${voter}` },
          }),
        ),
      );
      const refused = answers.filter(({ status }) => status !== 202);
      expect(refused).toMatchObject([{ status: 429, body: { code: "forget_too_fast", retryable: true } }]);
      expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await readers.getWaitingCount()).toBe(20);
      await readers.resume();
    } finally {
      await stop();
    }
  });
});
