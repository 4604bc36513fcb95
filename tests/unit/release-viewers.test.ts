import { describe, expect, it } from "vitest";
import { releaseViewers } from "../../services/realtime/release-viewers.ts";

describe("releasing viewers", () => {
  it("P31: closes each connection once, without a spread all at once", async () => {
    const closed: number[] = [];
    const connections = Array.from({ length: 5 }, (_, n) => ({ close: () => closed.push(n) }));
    await releaseViewers(connections, 0);
    expect(closed.sort()).toEqual([0, 1, 2, 3, 4]);
    await releaseViewers([], 4_000);
  });

  it("P31: goes batch by batch, in no order that viewers have", async () => {
    const batches: number[][] = [[]];
    const connections = Array.from({ length: 400 }, (_, n) => ({
      close: () => {
        // A batch is closed in one go; what comes after a turn of the event loop belongs to the next.
        if (batches.at(-1)?.length === 0) setImmediate(() => batches.push([]));
        batches.at(-1)?.push(n);
      },
    }));
    await releaseViewers(connections, 200);
    const sizes = batches.map((batch) => batch.length).filter((size) => size > 0);
    expect(sizes).toEqual([100, 100, 100, 100]);
    expect(batches.flat()).not.toEqual(connections.map((_, n) => n));
    expect(batches.flat().sort((a, b) => a - b)).toEqual(connections.map((_, n) => n));
  });
});
