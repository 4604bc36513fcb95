import { describe, expect, it } from "vitest";
import { Rush } from "../../services/realtime/rush.ts";

/** A process: `live` lets time pass, of which it works some, and in which some viewers come. */
function process() {
  let [now, idle] = [0, 0];
  const rush = new Rush({ now_ms: () => now, idle_ms: () => idle });
  return (passes_ms: number, works_ms: number, viewers: number): boolean => {
    for (let n = 0; n < viewers; n++) rush.came();
    now += passes_ms;
    idle += passes_ms - works_ms;
    return rush.on;
  };
}

describe("a rush of viewers", () => {
  it("P43: is on while many come to a process that has no time to spare", () => {
    const live = process();
    // Many come to one that has time, and few to one that has none.
    expect(live(1_000, 500, 1_000)).toBe(false);
    expect(live(1_000, 1_000, 100)).toBe(false);
    expect(live(1_000, 990, 1_000)).toBe(true);
    // Between two looks it is what it was.
    expect(live(50, 0, 0)).toBe(true);
    expect(live(50, 50, 0)).toBe(false);
  });
});
