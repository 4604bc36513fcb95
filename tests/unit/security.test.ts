import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROBLEM_CODES } from "../../shared/contract/problems.ts";

/** The title of a test that names rules, as tests/unit/spec.test.ts has them. */
const TITLE = /["'`]([VCPMS]\d+(?:, [VCPMS]\d+)*): /g;

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const text = read("SECURITY.md");
const rows = text.match(/^\|.*\|$/gm)?.slice(2) ?? [];

function hasTest(file: string, rule: string): boolean {
  if (!existsSync(new URL(`../../${file}`, import.meta.url))) return false;
  return [...read(file).matchAll(TITLE)].some(([, ids]) => ids?.split(", ").includes(rule));
}

describe("SECURITY.md", () => {
  it("names only rules that are promised, and so have tests", () => {
    const promised = new Set(
      [...read("shared/SPEC.md").matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map(([, id]) => id),
    );
    const named = rows.flatMap((row) => row.split("|")[3]?.match(/[A-Z]\d+/g) ?? []);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((id) => !promised.has(id))).toEqual([]);
  });

  it("says for each rule in which files its tests are, and they are there", () => {
    const threats = text.slice(0, text.indexOf("### Tests of these rules"));
    const rules = threats.match(/^\|.*\|$/gm)?.flatMap((row) => row.split("|")[3]?.match(/[A-Z]\d+/g) ?? []);
    const listed = [...text.matchAll(/^\| ([VCPMS]\d+) +\| (.*) \|$/gm)].map(([, id = "", cell = ""]) => ({
      id,
      files: [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => `tests/${name}.test.ts`),
    }));
    expect(listed.map(({ id }) => id).sort()).toEqual([...new Set(rules)].sort());
    const wrong = listed.flatMap(({ id, files }) => files.filter((file) => !hasTest(file, id)));
    expect(wrong).toEqual([]);
    expect(listed.filter(({ files }) => files.length === 0)).toEqual([]);
  });

  it("names only codes that there are", () => {
    const codes = new Set<string>(PROBLEM_CODES);
    const named = rows.flatMap((row) => row.split("|")[2]?.match(/`[a-z]+_[a-z_]+`/g) ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((code) => !codes.has(code.slice(1, -1)))).toEqual([]);
  });
});
