/** What services say of their Redis: at `/readyz`, and in their logs. */
import { Queue } from "bullmq";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { QUEUE_NAME, shardPrefix } from "../../shared/votes/shards.ts";
import { call, until } from "../support/reader.ts";
import { type ServiceName, type ServiceProcess, startProcess } from "../support/start-process.ts";
import { startService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const HANG = { timeout: 120_000 };

let redis: TestRedis;
beforeEach(async () => {
  redis = await startTestRedis();
});
afterEach(() => redis.stop());

function start(name: ServiceName): ServiceProcess {
  const service = startProcess(name, { REDIS_URL: redis.url });
  onTestFinished(() => service.kill());
  return service;
}

/** A connection of the test's own. */
function open() {
  const { redis: own, lifecycle } = openTestRedis("worker", redis.url);
  onTestFinished(() => lifecycle.stop());
  return own;
}

describe("/readyz", () => {
  it("S14: of all services in one process names what each of them misses", HANG, async () => {
    const service = await startService(redis.url);
    onTestFinished(() => service.stop());
    expect(await call(`${service.url}/readyz`)).toMatchObject({
      status: 200,
      body: { ok: true, reasons: {} },
    });
    await redis.kill();
    const reasons = { redis: expect.any(String), queue: expect.any(String), subscriber: expect.any(String) };
    await until("all reasons", async () => {
      const { body } = await call(`${service.url}/readyz`);
      return Object.keys(reasons).every((name) => Object.hasOwn(body.reasons ?? {}, name));
    });
    expect(await call(`${service.url}/readyz`)).toMatchObject({ status: 503, body: { ok: false, reasons } });
  });

  it("S14: of a worker is red while votes wait for long", HANG, async () => {
    const worker = start("worker");
    const address = await worker.listens;
    await until("a green /readyz", async () => (await fetch(`${address}/readyz`)).ok);
    const queue = new Queue(QUEUE_NAME, {
      connection: open(),
      prefix: shardPrefix(0),
      skipMetasUpdate: true,
    });
    onTestFinished(() => queue.close());
    // One that was stored 20 s ago, and that no worker takes for as long as the test lasts.
    const job = await queue.add(QUEUE_NAME, {}, { timestamp: Date.now() - 20_000, delay: 3_600_000 });
    expect(await call(`${address}/readyz`)).toMatchObject({
      status: 503,
      body: {
        reasons: { queue: expect.stringMatching(/^the oldest votes have waited \d+ s for a worker$/) },
      },
    });
    await job.remove();
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
  });
});

describe("the log", () => {
  it(
    "S131: says what an accepted vote survives, and what of Redis's settings is a danger",
    HANG,
    async () => {
      await open().config("SET", "appendfsync", "everysec");
      const services = (["api", "worker", "realtime"] as const).map(start);
      await Promise.all(
        services.map(({ name, said }) =>
          until(
            `the ${name}'s words`,
            () => said().includes("An accepted vote is on its way to disk"),
            60_000,
          ),
        ),
      );
      for (const { said } of services) {
        expect(said()).toContain("appendfsync is everysec");
        expect(said().match(/An accepted vote/g)).toHaveLength(1);
      }
    },
  );
});
