import { describe, expect, it } from "vitest";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";

describe("lifecycle", () => {
  it("S13: closes last-in first-out, once, however often and however early it is stopped", async () => {
    for (let round = 0; round < 200; round++) {
      const closed: number[] = [];
      const lifecycle = new Lifecycle();
      const opened = round % 7;
      for (let i = 0; i < opened; i++) {
        lifecycle.onStop(`${i}`, async () => {
          if (i % 2 === round % 2) await Promise.resolve();
          closed.push(i);
        });
      }
      const stops = Array.from({ length: 1 + (round % 4) }, () => lifecycle.stop());
      await Promise.all(stops);
      await lifecycle.stop();
      expect(closed).toEqual(Array.from({ length: opened }, (_, i) => opened - 1 - i));
    }
  });

  it("S13: one closing that fails or hangs keeps none of the others from running", async () => {
    const reports: string[] = [];
    const closed: string[] = [];
    const lifecycle = new Lifecycle((name, error) => reports.push(`${name}: ${(error as Error).message}`), 5);
    lifecycle.onStop("first", () => closed.push("first"));
    lifecycle.onStop("throws", () => {
      throw new Error("broken");
    });
    lifecycle.onStop("hangs", () => new Promise(() => {}));
    lifecycle.onStop("last", () => closed.push("last"));
    await lifecycle.stop();
    expect(closed).toEqual(["last", "first"]);
    expect(reports).toEqual(["hangs: did not close in time", "throws: broken"]);
  });

  it("S13: what is opened while stopping is closed too", async () => {
    const closed: string[] = [];
    const lifecycle = new Lifecycle();
    lifecycle.onStop("early", () => {
      lifecycle.onStop("late", () => closed.push("late"));
      closed.push("early");
    });
    await lifecycle.stop();
    await lifecycle.stop();
    expect(closed.sort()).toEqual(["early", "late"]);
  });
});
