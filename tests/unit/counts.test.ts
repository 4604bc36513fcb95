import { describe, expect, it } from "vitest";
import { isNewer, type PageCounts, parsePageCounts } from "../../shared/contract/counts.ts";

const COUNTS: PageCounts = {
  page: "p",
  counts: { great: 2, sad: 0 },
  total: 2,
  epoch: "e",
  rev: 5,
  state: "open",
};

describe("counts", () => {
  it("P7: newer means a higher revision of the same epoch, or another epoch", () => {
    expect(isNewer(COUNTS, undefined)).toBe(true);
    expect(isNewer(COUNTS, COUNTS)).toBe(false);
    expect(isNewer({ ...COUNTS, rev: 4 }, COUNTS)).toBe(false);
    expect(isNewer({ ...COUNTS, rev: 6 }, COUNTS)).toBe(true);
    expect(isNewer({ ...COUNTS, epoch: "f", rev: 1 }, COUNTS)).toBe(true);
    const unborn = { ...COUNTS, epoch: "", rev: 0 };
    expect(isNewer(COUNTS, unborn)).toBe(true);
    expect(isNewer(unborn, COUNTS)).toBe(false);
  });

  it("P7: takes well-formed counts from outside and nothing else", () => {
    expect(parsePageCounts(JSON.parse(JSON.stringify(COUNTS)))).toEqual(COUNTS);
    const bad: readonly unknown[] = [
      null,
      [],
      "counts",
      { ...COUNTS, total: -1 },
      { ...COUNTS, rev: 1.5 },
      { ...COUNTS, state: "shut" },
      { ...COUNTS, counts: { great: "2" } },
      { ...COUNTS, counts: [1, 2] },
      { ...COUNTS, page: 5 },
      JSON.parse('{"page":"p","counts":{"__proto__":1},"total":1,"epoch":"e","rev":1,"state":"open"}'),
    ];
    for (const value of bad) expect(parsePageCounts(value)).toBeUndefined();
  });
});
