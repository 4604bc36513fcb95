/** What one of all workers does again and again. */
import { afterAll, expect, it } from "vitest";
import { runEvery } from "../../services/worker/run-every.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { hearLog } from "../support/heard-log.ts";
import { until } from "../support/reader.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
afterAll(() => lifecycle.stop());

it("S167: is scheduled as soon as Redis allows it, though it did not at first", async () => {
  const name = `every-${process.pid}`;
  const own = new Lifecycle();
  const { log, next } = hearLog();
  // Where the queue's settings ought to be; so whatever is written there is refused.
  await redis.set(`{${name}}:${name}:meta`, "in the way");
  let looks = 0;
  const refused = next(name);
  runEvery(redis, name, 100, async () => void looks++, own, log);
  await refused;
  expect(looks).toBe(0);
  await redis.del(`{${name}}:${name}:meta`);
  await until("two looks", () => looks > 1);
  await own.stop();
});
