import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis } from "../support/test-redis.ts";

/** Containers take their time, on a busy machine very long. */
const SLOW = { timeout: 180_000 };

async function start() {
  const redis = await startTestRedis();
  onTestFinished(() => redis.stop());
  return redis;
}

/** A client that gives up at once, closed with the test. */
function open(url: string, commandTimeout = 20_000): Redis {
  const client = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0, commandTimeout });
  client.on("error", () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

test("the shared Redis answers", async () => {
  const { redis, lifecycle } = openTestRedis();
  onTestFinished(() => lifecycle.stop());
  expect(await redis.ping()).toBe("PONG");
});

test(
  "a killed Redis stays away until it is restarted, on the same port with the same data",
  SLOW,
  async () => {
    const redis = await start();
    await open(redis.url).set("vote", "great");
    await redis.kill();
    await expect(open(redis.url).ping()).rejects.toThrow();
    await redis.restart();
    expect(await open(redis.url).get("vote")).toBe("great");
  },
);

test("a running Redis can be restarted", SLOW, async () => {
  const redis = await start();
  await open(redis.url).set("vote", "great");
  await redis.restart();
  expect(await open(redis.url).get("vote")).toBe("great");
});

test("a frozen Redis answers nobody until it is resumed", SLOW, async () => {
  const redis = await start();
  const client = open(redis.url);
  await client.ping();
  await redis.pause();
  const late = client.ping();
  await expect(open(redis.url, 300).ping()).rejects.toThrow();
  await redis.resume();
  expect(await late).toBe("PONG");
});

test("a frozen Redis can be killed, and a dead one stopped, twice", SLOW, async () => {
  const redis = await start();
  await redis.pause();
  await redis.kill();
  await redis.stop();
  await redis.stop();
});

test("two of them are apart", SLOW, async () => {
  const [one, other] = await Promise.all([start(), start()]);
  await open(one.url).set("vote", "great");
  expect(await open(other.url).get("vote")).toBeNull();
});
