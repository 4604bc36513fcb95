/** What services say of their Redis: at `/readyz`, and in their logs. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { redisTime_ms } from "../../shared/runtime/redis-time.ts";
import { queueCheck } from "../../shared/votes/queue-check.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { VoteQueue } from "../../shared/votes/vote-queue.ts";
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

/** A queue of one shard, with a connection of its own. */
function openQueue(): VoteQueue {
  const { redis: own, lifecycle } = openTestRedis("producer", redis.url);
  const queue = new VoteQueue(own, { shards: 1 });
  onTestFinished(async () => {
    await queue.close();
    await lifecycle.stop();
  });
  return queue;
}

function voteAt(at: number): AcceptedVote {
  return { site: "default", page: "p", voter: "0123456789abcdef", reaction: 0, at, source: 1 };
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
    const queue = openQueue();
    // It came 20 s ago, and no worker takes it for as long as the test lasts.
    await queue.addLater([voteAt((await redisTime_ms(open())) - 20_000)], 3_600_000);
    expect(await call(`${address}/readyz`)).toMatchObject({
      status: 503,
      body: {
        reasons: { queue: expect.stringMatching(/^the oldest votes have waited \d+ s for a worker$/) },
      },
    });
    await open().flushall();
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
  });

  it.each([-300_000, 300_000])("S166: is green when hosts' clocks are %i ms apart", async (apart_ms) => {
    const own = open();
    const queue = openQueue();
    const system = Date.now;
    onTestFinished(() => void vi.restoreAllMocks());
    const elsewhere = (): void => void vi.spyOn(Date, "now").mockImplementation(() => system() + apart_ms);
    elsewhere();
    const at_ms = await redisTime_ms(own);
    await queue.add(voteAt(at_ms));
    await queue.addLater([voteAt(at_ms)], 3_600_000);
    await queue.addJob(0, "restore", {});
    vi.restoreAllMocks();
    expect(await queueCheck(queue)()).toBeUndefined();
    elsewhere();
    expect(await queueCheck(queue)()).toBeUndefined();
    expect(await queue.jobs()).toBe(3);
  });

  it("S166: is red when votes wait for long, though the host's clock says otherwise", async () => {
    const queue = openQueue();
    await queue.add(voteAt((await redisTime_ms(open())) - 20_000));
    const system = Date.now;
    onTestFinished(() => void vi.restoreAllMocks());
    vi.spyOn(Date, "now").mockImplementation(() => system() - 300_000);
    expect(await queueCheck(queue)()).toMatch(/^the oldest votes have waited \d+ s for a worker$/);
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
