import { describe, expect, it } from "vitest";
import { judge, unread } from "../../shared/runtime/redis-settings.ts";

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

  it("S131: names a Redis that forbids CONFIG, and one that did not answer, for what it is", () => {
    const refusals = [
      "NOPERM this user has no permissions",
      "ERR unknown command 'CONFIG', with args",
      "no setting x",
    ];
    for (const refusal of refusals)
      expect(unread(new Error(refusal)).warnings[0], refusal).toMatch(/^CONFIG GET is forbidden: /);
    expect(unread(new Error("Command timed out")).warnings[0]).toMatch(
      /^CONFIG GET failed \(Command timed out\): /,
    );
  });
});
