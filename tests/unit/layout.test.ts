/** The house rules: who may import whom, no circles, and the way of a vote readable from seven first lines. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Folders by what they may import besides themselves and packages. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "shared/contract": [],
  "shared/runtime": ["shared/contract"],
  "shared/moderation": ["shared/contract", "shared/runtime"],
  "shared/votes": ["shared/contract", "shared/runtime", "shared/moderation", "shared/tallies"],
  "shared/tallies": ["shared/contract", "shared/runtime"],
  "shared/live": ["shared/contract", "shared/runtime", "shared/moderation", "shared/tallies"],
  "shared/client": ["shared/contract"],
  "services/api": ["shared"],
  "services/worker": ["shared"],
  "services/realtime": ["shared"],
  "services/standalone": ["services/api", "services/worker", "services/realtime", "shared"],
  "services/widget": ["shared/contract", "shared/client"],
  "services/dashboard": ["shared/contract", "shared/client"],
  "services/moderation": ["shared/contract", "shared/client"],
};

/** Any import or re-export, type-only ones too; and imports at run time. */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|(?:^|\n)\s*import\s+"([^"]+)"|import\("([^"]+)"\)/g;

const everything = ["shared", "services"].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: "utf8" }).map((file) => join(top, file)),
);
const files = everything.filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"));
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): readonly string[] {
  const source = readFileSync(join(root, file), "utf8");
  return [...source.matchAll(IMPORT)].map(([, from, bare, late]) => from ?? bare ?? late ?? "");
}

function local(file: string): readonly string[] {
  return (imports.get(file) ?? [])
    .filter((name) => name.startsWith("."))
    .map((name) => relative(root, resolve(root, dirname(file), name)));
}

function folderOf(file: string): string {
  return file.split("/").slice(0, 2).join("/");
}

function within(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`);
}

describe("layout", () => {
  it("finds the code", () => {
    expect(files.length).toBeGreaterThan(50);
    expect([...imports.values()].flat().length).toBeGreaterThan(100);
  });

  it("puts every file into a folder of the table", () => {
    expect(files.filter((file) => !(folderOf(file) in MAY_IMPORT))).toEqual([]);
  });

  it("lets nobody import what the table does not allow", () => {
    const wrong = files.flatMap((file) => {
      const own = folderOf(file);
      const allowed = [own, ...(MAY_IMPORT[own] ?? [])];
      return local(file)
        .filter((target) => !allowed.some((folder) => within(target, folder)))
        .map((target) => `${file} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it("keeps the contract free of packages and of Node", () => {
    const outside = files
      .filter((file) => within(file, "shared/contract"))
      .flatMap((file) => (imports.get(file) ?? []).filter((name) => !name.startsWith(".")));
    expect(outside).toEqual([]);
  });

  it("has no circles, type-only imports included", () => {
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      if (path.includes(file) || done.has(file)) return;
      for (const target of local(file)) walk(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  it("keeps the names of the reactions in one file", () => {
    const name = `(?:${DEFAULT_REACTIONS.join("|")})`;
    // As text of its own, as a key, in an attribute or a selector; not as a word of a sentence.
    const named = new RegExp(`["'\`#.=>-]${name}\\b|\\b${name}(?:\\??:|["'\`])`);
    const comments = /\/\*[\s\S]*?\*\/|\/\/.*|^--.*/gm;
    const sources = everything.filter((file) => /\.(?:tsx?|lua|css|html)$/.test(file));
    const knowing = sources.filter((file) =>
      named.test(readFileSync(join(root, file), "utf8").replace(comments, "")),
    );
    expect(knowing).toEqual(["shared/contract/reactions.ts"]);
  });

  it("acts on import only where a command is begun", () => {
    const acting = files.filter((file) =>
      /^(?:await |void |process\.|run|start\w*\()/m.test(readFileSync(join(root, file), "utf8")),
    );
    const commands =
      /(?:\/main|\/build|\/resend-failed)\.ts$|^services\/(?:widget|dashboard|moderation\/examples)\//;
    expect(acting.filter((file) => !commands.test(file))).toEqual([]);
  });

  it("reads the environment only where settings are read", () => {
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(join(root, file), "utf8")));
    expect(
      readers.filter(
        (file) => !within(file, "services/standalone") && !within(file, "services/moderation/examples"),
      ),
    ).toEqual([
      "shared/runtime/run-service.ts",
      // The command line is no service: it has three settings of its own.
      "services/moderation/main.ts",
    ]);
  });
});

describe("the way of a vote", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const steps = [...readme.matchAll(/^\| ([1-7]) +\| `([^`]+)` +\|/gm)].map(([, step, file]) => ({
    step,
    file: file ?? "",
  }));

  it("has seven steps in the README", () => {
    expect(steps.map(({ step }) => step)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  });

  it("says in each file's first line which step it is and which file comes next", () => {
    for (const [index, { step, file }] of steps.entries()) {
      const [first = ""] = readFileSync(join(root, file), "utf8").split("\n");
      expect(first).toMatch(new RegExp(`^(?://|--) Step ${step} of 7, the way of a vote`));
      const next = steps[index + 1]?.file;
      if (next !== undefined) expect(first).toContain(`next: ${next}`);
    }
  });
});
