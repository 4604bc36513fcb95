import { describe, expect, it } from "vitest";
import { preferredWait_s } from "../../services/api/prefer.ts";

describe("Prefer", () => {
  it("V9: reads wait among other preferences, at most 10 s", () => {
    expect(preferredWait_s("wait=3")).toBe(3);
    expect(preferredWait_s('respond-async, wait="7"')).toBe(7);
    expect(preferredWait_s("Wait = 5; foo=bar")).toBe(5);
    expect(preferredWait_s("wait=600")).toBe(10);
  });

  it("V9: ignores what it cannot understand", () => {
    for (const header of [undefined, "", "wait", "wait=", "wait=-1", "wait=1.5", "await=3", "wait=x"]) {
      expect(preferredWait_s(header)).toBeUndefined();
    }
  });
});
