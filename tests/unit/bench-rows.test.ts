/** What `npm run bench -- --strict` fails by. */
import { describe, expect, it } from "vitest";
import { type Aim, isMet, missedBy } from "../bench/rows.ts";

const row = (what: string, figure: number, aim?: Aim) => ({ what, figure, aim, note: "" });

describe("aims of benchmarks", () => {
  it("are met on their side of the bound", () => {
    expect([1.9, 2, 2.1].map((figure) => isMet(figure, { sense: "≥", figure: 2 }))).toEqual([
      false,
      true,
      true,
    ]);
    expect([1.9, 2, 2.1].map((figure) => isMet(figure, { sense: "≤", figure: 2 }))).toEqual([
      true,
      true,
      false,
    ]);
    expect([1.9, 2, 2.1].map((figure) => isMet(figure, { sense: "<", figure: 2 }))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("are missed by what could not be measured, and asked of nothing that has none", () => {
    const rows = [
      row("fast", 3, { sense: "≥", figure: 2 }),
      row("slow", 1, { sense: "≥", figure: 2 }),
      row("nothing", Number.NaN, { sense: "≤", figure: 2 }),
      row("shown", 1),
    ];
    expect(missedBy(rows).map(({ what }) => what)).toEqual(["slow", "nothing"]);
  });
});
