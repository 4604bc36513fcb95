import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ATTRIBUTES } from "../../services/widget/settings.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";

const folder = new URL("../../services/widget/", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), "utf8");

interface Named {
  readonly name: string;
}
interface Declaration {
  readonly attributes: readonly Named[];
  readonly cssProperties: readonly Named[];
}
const manifest: { modules: { declarations: Declaration[] }[] } = JSON.parse(read("custom-elements.json"));
const declared = manifest.modules[0]?.declarations[0];
const names = (list: readonly Named[] = []) => list.map(({ name }) => name);

describe("custom-elements.json", () => {
  it("names the attributes that the tag reads", () => {
    expect(names(declared?.attributes)).toEqual([...ATTRIBUTES, "signature"]);
  });

  it("names the custom properties that the styles read, and so does the README", () => {
    const styles = read("styles.ts") + read("later-styles.ts") + read("look.ts") + read("bar-view.ts");
    expect(styles).toMatch(/--reactions-\$\{reaction\},/);
    const plain = [...styles.matchAll(/--reactions-[a-z-]+(?![a-z{-]|\$)/g)].map(([name]) => name);
    const used = new Set([...plain, ...DEFAULT_REACTIONS.map((name) => `--reactions-${name}`)]);
    expect(names(declared?.cssProperties)).toEqual([...used].sort());
    const readme = readFileSync(new URL("../../README.md", folder), "utf8");
    for (const name of used) expect(readme).toContain(`\`${name.replace("--reactions-", "")}\``);
  });
});
