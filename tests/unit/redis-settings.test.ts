import { describe, expect, it } from "vitest";
import { judge } from "../../shared/runtime/redis-settings.ts";

describe("what a 202 is worth", () => {
  it("S15: is said plainly for every kind of persistence", () => {
    const policy = "noeviction";
    expect(judge({ appendonly: "yes", appendfsync: "always", policy })).toEqual({
      durability: "An accepted vote is on disk.",
      warnings: [],
    });
    expect(judge({ appendonly: "yes", appendfsync: "everysec", policy }).durability).toContain(
      "one second of votes",
    );
    expect(judge({ appendonly: "no", appendfsync: "always", policy }).durability).toContain("memory only");
    expect(
      judge({ appendonly: "yes", appendfsync: "always", policy: "allkeys-lru" }).warnings.join(),
    ).toContain("throw votes away");
  });
});
