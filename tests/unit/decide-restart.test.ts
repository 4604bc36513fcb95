import { expect, test } from "vitest";
import { decideRestart } from "../../services/standalone/decide-restart.ts";

test("S15: a Redis that keeps dying is restarted after growing pauses, then no more", () => {
  const pauses: number[] = [];
  let decision = decideRestart(0, 0);
  while (decision.kind === "restart") {
    pauses.push(decision.after_ms);
    decision = decideRestart(decision.rapidDeaths, 100);
  }
  expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
});

test("S15: a Redis that served a while is restarted as if it were the first time", () => {
  expect(decideRestart(8, 5_000)).toEqual({ kind: "restart", rapidDeaths: 1, after_ms: 50 });
});
