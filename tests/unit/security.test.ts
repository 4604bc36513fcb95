import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROBLEM_CODES } from "../../shared/contract/problems.ts";

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const rows =
  read("SECURITY.md")
    .match(/^\|.*\|$/gm)
    ?.slice(2) ?? [];

describe("SECURITY.md", () => {
  it("names only rules that are promised, and so have tests", () => {
    const promised = new Set(
      [...read("shared/SPEC.md").matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map(([, id]) => id),
    );
    const named = rows.flatMap((row) => row.split("|")[3]?.match(/[A-Z]\d+/g) ?? []);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((id) => !promised.has(id))).toEqual([]);
  });

  it("names only codes that there are", () => {
    const codes = new Set<string>(PROBLEM_CODES);
    const named = rows.flatMap((row) => row.split("|")[2]?.match(/`[a-z]+_[a-z_]+`/g) ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((code) => !codes.has(code.slice(1, -1)))).toEqual([]);
  });
});
