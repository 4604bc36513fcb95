import { expect, test } from "vitest";
import { decideRestart } from "../../services/standalone/decide-restart.ts";

test("S15: a Redis that keeps dying is restarted after pauses that grow up to a bound, for good, and is told of", () => {
  const pauses: number[] = [];
  let deaths = 0;
  let silent = 0;
  while (deaths < 1_000) {
    const { rapidDeaths, after_ms, keepsDying } = decideRestart(deaths, deaths === 0 ? 0 : 100);
    pauses.push(after_ms);
    if (!keepsDying) silent++;
    deaths = rapidDeaths;
  }
  expect(pauses.slice(0, 8)).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
  expect(new Set(pauses.slice(6))).toEqual(new Set([2_000]));
  expect(silent).toBe(8);
});

test("S15: a Redis that served a while is restarted as if it were the first time", () => {
  expect(decideRestart(8, 5_000)).toEqual({ rapidDeaths: 1, after_ms: 50, keepsDying: false });
});
