import { describe, expect, it } from "vitest";
import { isVoterToken, namesVoter } from "../../shared/contract/voter-token.ts";
import { neighbourhoodOf, networkOf } from "../../shared/votes/source.ts";
import { Voters } from "../../shared/votes/voters.ts";

const OLD = { id: "k1", secret: "the first secret of us" };
const NEW = { id: "k2", secret: "the second secret of us" };

describe("voters' tokens", () => {
  const voters = new Voters([OLD]);

  it("S5: a token that was issued is known, for its own site only", () => {
    const { voter, token } = voters.issue("default");
    expect(isVoterToken(token)).toBe(true);
    expect(voters.verify("default", token)?.handle).toBe(voter.handle);
    expect(voters.verify("default", token)?.handle).toBe(voter.handle);
    expect(voters.verify("other", token)).toBeUndefined();
  });

  it("S5: a token changed in any place is unknown", () => {
    const { token } = voters.issue("default");
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === "A" ? "B" : "A";
      expect(
        voters.verify("default", token.slice(0, at) + other + token.slice(at + 1)),
        `place ${at}`,
      ).toBeUndefined();
      expect(voters.verify("default", token.slice(0, at))).toBeUndefined();
    }
    expect(voters.verify("default", `${token}A`)).toBeUndefined();
    expect(
      new Voters([{ id: "k1", secret: "somebody else's secret" }]).verify("default", token),
    ).toBeUndefined();
  });

  it("S5: what is left of a token that was cut off is no token of an account either", () => {
    const { token } = voters.issue("default");
    for (let end = 0; end < token.length; end++)
      expect(namesVoter(token.slice(0, end)), token.slice(0, end)).toBe(false);
  });

  it("S5: after the secret was replaced, old tokens work and name the same voter on every page", () => {
    const { voter, token } = voters.issue("default");
    const rotated = new Voters([NEW, OLD]);
    expect(rotated.verify("default", token)?.handle).toBe(voter.handle);
    expect(rotated.issue("default").token).toContain(".k2.");
    expect(rotated.verify("default", token)?.on("p")).toBe(voter.on("p"));
    expect(new Voters([NEW]).verify("default", token)).toBeUndefined();
  });

  it("S92: a secret that only names refuses its tokens and keeps everybody's name", () => {
    const [old, both] = [voters.issue("default"), new Voters([NEW, OLD])];
    const young = both.issue("default");
    const retired = new Voters([NEW], OLD.secret);
    expect(retired.verify("default", old.token)).toBeUndefined();
    expect(retired.verify("default", young.token)?.handle).toBe(young.voter.handle);
    const forged = new Voters([{ ...OLD, id: NEW.id }]).issue("default").token;
    expect(retired.verify("default", forged)).toBeUndefined();
  });

  it("S8: a voter has another name on every page", () => {
    const { voter } = voters.issue("default");
    const names = [voter.on("p"), voter.on("q")];
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{16}$/);
    expect([voter.on("p"), voter.on("p")]).toEqual([names[0], names[0]]);
  });
});

describe("networks", () => {
  it("S8: an IPv6 address counts by its first 64 bits", () => {
    expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe(networkOf("2001:DB8:1:2::9"));
    expect(networkOf("2001:db8:1:2::")).not.toBe(networkOf("2001:db8:1:3::"));
    expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
    expect(networkOf("::1")).toBe("0:0:0:0::/64");
    expect(networkOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
    expect(networkOf("192.0.2.7")).toBe("192.0.2.7");
    expect(neighbourhoodOf("2001:db8:1:2:3::")).toBe(neighbourhoodOf("2001:db8:1:ffff::9"));
    expect(neighbourhoodOf("2001:db8:1::")).not.toBe(neighbourhoodOf("2001:db8:2::"));
    expect(neighbourhoodOf("::ffff:192.0.2.7")).toBe(neighbourhoodOf("192.0.2.200"));
  });
});
