/** Constants of Lua scripts stand where they are used. */
import { expect, it } from "vitest";
import { inlineConstants } from "../../shared/runtime/inline-constants.ts";

it("writes numbers where their names stood, and drops what declared them", () => {
  const source = [
    "local DAY_S, SHARE = 86400, 0.5 -- of a day",
    "local NOTHING = 1e-9",
    "local function half() return DAY_S * SHARE + NOTHING end",
  ].join("\n");
  expect(inlineConstants(source)).toBe(" -- of a day\n\nlocal function half() return 86400 * 0.5 + 1e-9 end");
});

it("leaves names in quotes, behind a dot and inside of others, and whatever is no number", () => {
  const source = [
    "local SET, LN_2 = 7, math.log(2)",
    "local GET = 3",
    "call('GET', t.GET, BUDGET, GETS, LN_2, \"GET\")",
  ].join("\n");
  expect(inlineConstants(source)).toBe(source.replace("local GET = 3", ""));
});

it("refuses a name without a number and a name with two", () => {
  expect(() => inlineConstants("local A, B = 1")).toThrow("what B is");
  expect(() => inlineConstants("local A = 1\nlocal A = 2")).toThrow("what A is");
  expect(inlineConstants("local A = 1\nlocal A = 1\nreturn A")).toBe("\n\nreturn 1");
});
