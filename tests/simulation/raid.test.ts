import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../faults/rig/random.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { playDay } from "./raid/play-day.ts";
import { scenario } from "./raid/scenarios.ts";

const { redis, lifecycle } = openTestRedis();
const seed = randomInt(2 ** 31);
beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

const play = (name: string) => playDay(redis, `${name} ${seed}`, scenario(name).presses(new Random(seed)));

describe("raids", () => {
  it("V54: one host adds at most 30 votes to a quiet page, and replayed tokens add their own", async () => {
    const { attack, honest } = await play("one host, a quiet page");
    // Who shares the host's counter by chance waits with it: one run in ten has such a reader, or a few of one home.
    expect(honest.counted + honest.held, `seed ${seed}`).toBe(honest.presses);
    expect(honest.counted, `seed ${seed}`).toBeGreaterThan(0.8 * honest.presses);
    expect(attack.counted, `seed ${seed}`).toBeLessThanOrEqual(30);
    expect(attack.held).toBe(3_000 - attack.refused - attack.counted);
    expect((await play("replayed tokens, a quiet page")).attack.counted).toBe(5);
  });
});
