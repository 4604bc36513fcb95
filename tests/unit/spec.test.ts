import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const RULE = /^- \*\*([VCPMS]\d+)\*\* /gm;
/** The title of a test, whichever way it is begun: `it("…",`, or `it.each([…])("…",`. */
const TITLE = /(?:\b(?:it|test)|(?<!\bdescribe\.[^\n]*)\))\(\s*(["'`])(.*?)\1\s*,/gs;
/** As in "V2, V3: the same again". */
const RULES = /^([VCPMS]\d+(?:, [VCPMS]\d+)*): /;
/** What no run carries out, or what lets it carry out nothing else. */
const LEFT_OUT = /\b(?:it|test|describe)\.(?:skip|todo|only)\b/;

/** Tests of what no user relies on: how the code is laid out, what documents say, and what only tests and the demo use. */
const WITHOUT_RULES = [
  "faults/check-history.test.ts",
  "faults/crash.test.ts",
  "faults/first-accepted.test.ts",
  "faults/planted-wrongs.test.ts",
  "faults/report.test.ts",
  "faults/vote-p99.test.ts",
  "fuzz/carried-out.test.ts",
  "fuzz/memory.test.ts",
  "integration/test-cluster.test.ts",
  "integration/test-redis.test.ts",
  "simulation/simulate.test.ts",
  "soak/slope.test.ts",
  "unit/bench-rows.test.ts",
  "unit/custom-elements.test.ts",
  "unit/inline-constants.test.ts",
  "unit/layout.test.ts",
  "unit/newsroom.test.ts",
  "unit/security.test.ts",
  "unit/spec.test.ts",
];

const root = new URL("../../", import.meta.url);
const rules = [...readFileSync(new URL("shared/SPEC.md", root), "utf8").matchAll(RULE)].map(([, id]) => id);
const files = readdirSync(new URL("tests/", root), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => ({ file, text: readFileSync(new URL(`tests/${file}`, root), "utf8") }));
const titles = files.flatMap(({ file, text }) =>
  [...text.matchAll(TITLE)].map(([, , title = ""]) => ({ file, title })),
);
const named = titles.flatMap(({ title }) => RULES.exec(title)?.[1]?.split(", ") ?? []);

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

  it("is named by every test, but where there is nothing that users rely on", () => {
    const without = titles.filter(({ file, title }) => !RULES.test(title) && !WITHOUT_RULES.includes(file));
    expect(without).toEqual([]);
    expect(titles.length).toBeGreaterThan(500);
  });

  it("is proven by tests that are run", () => {
    expect(files.filter(({ text }) => LEFT_OUT.test(text)).map(({ file }) => file)).toEqual([]);
  });
});
