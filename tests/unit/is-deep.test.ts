import { describe, expect, it } from "vitest";
import { isDeep } from "../../services/api/is-deep.ts";

const nested = (depth: number, inside = ""): string => `${"[".repeat(depth)}${inside}${"]".repeat(depth)}`;

describe("the depth of a body", () => {
  it("S65: is that of its arrays and objects; what stands in strings is none", () => {
    expect(isDeep(nested(32))).toBe(false);
    expect(isDeep(nested(33))).toBe(true);
    expect(isDeep(`{"a":${nested(32)}}`)).toBe(true);
    expect(isDeep('{"a":'.repeat(100_000))).toBe(true);
    expect(isDeep(`[${Array.from({ length: 1_000 }, () => "{}").join()}]`)).toBe(false);
    expect(isDeep(JSON.stringify([nested(100)]))).toBe(false);
    expect(isDeep(JSON.stringify([`"${nested(100)}\\`]))).toBe(false);
    expect(isDeep(`["\\\\",${nested(40)}]`)).toBe(true);
    expect(isDeep('"\\')).toBe(false);
  });
});
