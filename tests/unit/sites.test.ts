import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../shared/runtime/config.ts";
import { readSites } from "../../shared/runtime/sites.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function sitesIn(content: string) {
  const file = join(temporaryFolder(), "sites.json");
  writeFileSync(file, content);
  return readSites(file);
}

describe("sites", () => {
  it("S4: without a file there is one, named default, with the four reactions", () => {
    expect([...readSites(undefined).values()]).toEqual([
      { id: "default", name: "Default", reactions: ["great", "sad", "angry", "recommend"] },
    ]);
  });

  it("V1: a site may choose its own reactions, up to eight", () => {
    const sites = sitesIn('[{"id":"a","name":"A","reactions":["yes","no"]},{"id":"b","name":"B"}]');
    expect(sites.get("a")?.reactions).toEqual(["yes", "no"]);
    expect(sites.get("b")?.reactions).toHaveLength(4);
  });

  it("S7: a faulty file is refused with what is wrong in it", () => {
    const bad = [
      "{",
      "[]",
      '[{"id":"A b","name":"x"}]',
      '[{"id":"a","name":"x"},{"id":"a","name":"y"}]',
      '[{"id":"a","name":"x","reactions":["Great"]}]',
      '[{"id":"a","name":"x","colour":1}]',
    ];
    for (const content of bad) expect(() => sitesIn(content), content).toThrow(ConfigError);
    expect(() => readSites("nowhere.json")).toThrow(/expected a JSON list of sites/);
  });
});
