import { describe, expect, it } from "vitest";
import { parsePuzzle, parseSolution } from "../../shared/contract/puzzle.ts";
import { puzzleLevel, ROUNDS, TRIES_MAX } from "../../shared/votes/puzzle-level.ts";

const level = (neighbourhood: number, site = 0) => puzzleLevel("auto", { neighbourhood, site });

describe("puzzles", () => {
  it("S101: are asked by the site's rule, and harder the more come", () => {
    expect([0, 0.5, 1, 1.5, 2.5, 5].map((heat) => level(heat))).toEqual([0, 0, 0, 1, 2, 3]);
    expect(level(0, 3)).toBe(2);
    expect(puzzleLevel("off", { neighbourhood: 9, site: 9 })).toBe(0);
    expect(puzzleLevel("always", undefined)).toBe(1);
    expect(puzzleLevel("always", { neighbourhood: 9, site: 0 })).toBe(3);
    // Redis is away.
    expect(puzzleLevel("auto", undefined)).toBe(0);
  });

  it("S102: the hardest takes no more than 375,000 rounds", () => {
    expect(Math.max(...Object.values(TRIES_MAX)) * ROUNDS).toBeLessThanOrEqual(375_000);
  });

  it("S10: whatever else comes as a puzzle or a solution is neither", () => {
    const parameters = {
      algorithm: "PBKDF2/SHA-256",
      nonce: "00ff",
      salt: "00ff",
      cost: 500,
      keyLength: 32,
      keyPrefix: "00",
      keySignature: "00",
      data: { site: "a", until: 1 },
    };
    const right = { parameters, signature: "ab", counter: 1, derivedKey: "00" };
    expect(parseSolution(right)).toEqual(right);
    for (const wrong of [
      null,
      [],
      "x",
      { ...right, counter: -1 },
      { ...right, derivedKey: "0" },
      { ...right, derivedKey: "AA" },
      { ...right, parameters: { ...parameters, cost: 1e9 } },
      { ...right, parameters: { ...parameters, algorithm: "SCRYPT" } },
      { ...right, parameters: { ...parameters, nonce: "0".repeat(200) } },
      { ...right, parameters: { ...parameters, data: null } },
      { ...right, parameters: { ...parameters, keyLength: 1e9 } },
    ])
      expect(parseSolution(wrong)).toBeUndefined();
    expect(parsePuzzle({ ...right, signature: undefined })).toBeUndefined();
    // What is not signed does not travel on.
    expect(
      parsePuzzle({ ...right, parameters: { ...parameters, __proto__: null, more: "x".repeat(99) } }),
    ).toEqual({
      parameters,
      signature: "ab",
    });
  });
});
