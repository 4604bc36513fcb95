import { describe, expect, it } from "vitest";
import { growthOf, type Memory } from "./memory.ts";

/** What the gate's run throws with limits off after the first reading, of 20,000 inputs in all. */
const INPUTS = 11_000;

/** @param more bytes in use beyond those in the beginning */
const memory = (more: number): Memory =>
  new Map([
    ["api in use", 60e6 + more],
    ["api", 150e6],
    ["Redis", 5e6],
  ]);

const faultsOf = (more: number, inputs: number): readonly string[] =>
  growthOf(memory(0), memory(more), inputs).faults;

describe("how much memory may grow", () => {
  it("leaves room for what compiling and caches take", () => {
    expect(faultsOf(10e6, INPUTS)).toEqual([]);
  });

  it("shows a leak of two kilobytes an input in the gate's run", () => {
    expect(faultsOf(INPUTS * 2_000, INPUTS)).toEqual(["memory of api in use grew by 22000000 bytes"]);
  });

  it("shows a leak of a hundred bytes an input after a million", () => {
    expect(faultsOf(1e6 * 100, 1e6)).toHaveLength(1);
  });

  it("is exceeded by whoever does not tell", () => {
    expect(faultsOf(Number.NaN, INPUTS)).toEqual(["memory of api in use grew by NaN bytes"]);
  });
});
