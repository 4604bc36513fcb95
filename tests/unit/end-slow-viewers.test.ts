import { describe, expect, it } from "vitest";
import { endSlowViewers } from "../../services/realtime/end-slow-viewers.ts";

function connection(waiting: number, readyState = "open") {
  const closed: unknown[] = [];
  const close = (discard?: boolean) => closed.push(discard);
  return { readyState, writeBuffer: Array.from({ length: waiting }), close, closed };
}

describe("viewers that do not read", () => {
  it("S46: are ended, what waits for them thrown away; those who read are not", () => {
    const reading = [connection(0), connection(1_000)];
    const slow = connection(1_001);
    const leaving = connection(5_000, "closing");
    expect(endSlowViewers([...reading, slow, leaving])).toBe(1);
    expect(slow.closed).toEqual([true]);
    for (const { closed } of [...reading, leaving]) expect(closed).toEqual([]);
  });
});
