import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const RULE = /^- \*\*([VCPMS]\d+)\*\* /gm;
/** A title such as "V2, V3: the same again". */
const TITLE = /\b(?:it|test)(?:\.\w+(?:\([^)]*\))?)*\(\s*["'`]((?:[VCPMS]\d+)(?:, [VCPMS]\d+)*): /g;

const root = new URL("../../", import.meta.url);
const rules = [...readFileSync(new URL("shared/SPEC.md", root), "utf8").matchAll(RULE)].map(([, id]) => id);
const named = readdirSync(new URL("tests/", root), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .flatMap((file) => [...readFileSync(new URL(`tests/${file}`, root), "utf8").matchAll(TITLE)])
  .flatMap(([, ids]) => (ids ?? "").split(", "));

describe("shared/SPEC.md", () => {
  it("numbers no rule twice", () => {
    expect(new Set(rules).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThan(40);
  });

  it("has a test for every rule", () => {
    expect(rules.filter((id) => id !== undefined && !named.includes(id))).toEqual([]);
  });

  it("knows every rule that a test names", () => {
    expect(named.filter((id) => !rules.includes(id))).toEqual([]);
  });
});
