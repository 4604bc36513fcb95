import { describe, expect, it } from "vitest";
import { RedisClock, readRedisClock } from "../../shared/runtime/redis-clock.ts";
import { Stamper } from "../../shared/votes/stamper.ts";

describe("Redis's clock", () => {
  it("V15: tells Redis's time between readings, whatever this host's clock says", () => {
    let monotonic = 1_000;
    const clock = new RedisClock(() => monotonic);
    expect(clock.ready).toBe(false);
    expect(() => clock.now()).toThrow(/not been read/);
    clock.sample(1_700_000_000_000, 1_000, 1_004);
    monotonic = 1_102;
    expect(clock.now()).toBe(1_700_000_000_100);
  });

  it("V15: never goes back", () => {
    let monotonic = 0;
    const clock = new RedisClock(() => monotonic);
    clock.sample(5_000, 0, 0);
    monotonic = 10;
    expect(clock.now()).toBe(5_010);
    clock.sample(4_000, 10, 10);
    expect(clock.now()).toBe(5_010);
    monotonic = 2_000;
    expect(clock.now()).toBe(5_990);
  });
});

describe("readings of Redis's clock", () => {
  it("V15: the quickest of some counts, since a process that starts takes notice of an answer late", async () => {
    let monotonic = 0;
    const clock = new RedisClock(() => monotonic);
    const trips_ms = [300, 80, 4, 150];
    const time = async () => {
      const trip_ms = trips_ms.shift() ?? 0;
      // Redis reads its clock at once; the answer is noticed when the trip is over.
      const redis_ms = 1_000_000 + monotonic;
      monotonic += trip_ms;
      return [Math.floor(redis_ms / 1_000), (redis_ms % 1_000) * 1_000];
    };
    expect(await readRedisClock(clock, { time }, () => monotonic)).toBe(true);
    expect(trips_ms).toEqual([]);
    expect(clock.now()).toBe(1_000_000 + monotonic - 2);
  });

  it("V15: none is taken when all were slow, unless there is no other", async () => {
    let monotonic = 0;
    const clock = new RedisClock(() => monotonic);
    const slow = async () => {
      monotonic += 2_000;
      return [1_000 + monotonic / 1_000, 0];
    };
    expect(await readRedisClock(clock, { time: slow }, () => monotonic)).toBe(true);
    const before = clock.now();
    expect(await readRedisClock(clock, { time: slow }, () => monotonic)).toBe(false);
    expect(clock.now()).toBe(before + 8_000);
  });
});

describe("stamps", () => {
  it("V3, V14: presses of one voter within a millisecond keep their order", () => {
    let now = 1_000;
    const stamper = new Stamper({ now: () => now });
    expect([1, 2, 3].map(() => stamper.stamp("a"))).toEqual([1_000, 1_001, 1_002]);
    expect(stamper.stamp("b")).toBe(1_000);
    now = 1_001;
    expect(stamper.stamp("a")).toBe(1_003);
    now = 2_000;
    expect(stamper.stamp("a")).toBe(2_000);
  });

  it("V3: keeps order for one voter and little memory for many, while the clock stands still", () => {
    const stamper = new Stamper({ now: () => 1_000 });
    let last = 0;
    for (let i = 0; i < 30_000; i++) {
      stamper.stamp(`voter ${i}`);
      if (i % 5_000 === 0) last = Math.max(last, stamper.stamp("a"));
    }
    expect(last).toBeGreaterThanOrEqual(1_000);
  });
});
