/** The house rules: who may import whom, no circles, and the way of a vote readable from seven first lines. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The table of the design, section 5: folders by what they may import besides themselves and packages. */
const DESIGN: Readonly<Record<string, readonly string[]>> = {
  "shared/contract": [],
  "shared/runtime": ["shared/contract"],
  "shared/votes": ["shared/contract", "shared/runtime"],
  "shared/tallies": ["shared/contract", "shared/runtime"],
  "services/api": ["shared"],
  "services/worker": ["shared"],
  "services/realtime": ["shared"],
  "services/standalone": ["services/api", "services/worker", "services/realtime", "shared"],
  "services/widget": ["shared/contract"],
  "services/dashboard": ["shared/contract"],
  "services/moderation": ["shared/contract"],
};

/** Folders that the design does not have, and why we do. */
const MORE_FOLDERS: readonly { readonly folder: string; readonly why: string }[] = [
  {
    folder: "shared/client",
    why: "the client library that publishers import; the widget, the dashboard and the command line would each have one of their own",
  },
  {
    folder: "shared/moderation",
    why: "tokens, audit, orders and sites' settings: api, worker and realtime need them, and they are neither votes nor totals",
  },
  {
    folder: "shared/live",
    why: "the pulse, alerts, and who is there: written by one service and read by another, and kept apart from what counts votes",
  },
];

/** What is imported besides what the design's table allows, and why. Each must be in use. */
const MORE_IMPORTS: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  {
    from: "shared/votes",
    to: "shared/tallies",
    why: "a vote is stored with the marks that the tally reads, and taken by what pages and new voters are",
  },
  {
    from: "shared/votes",
    to: "shared/moderation",
    why: "a vote is taken as the site's settings say, and of nobody who is banned",
  },
  {
    from: "services/widget",
    to: "shared/client",
    why: "speaks to the service through the published library",
  },
  {
    from: "services/dashboard",
    to: "shared/client",
    why: "speaks to the service through the published library",
  },
  {
    from: "services/moderation",
    to: "shared/client",
    why: "the command line speaks HTTP through the published library",
  },
  { from: "shared/client", to: "shared/contract", why: "what travels; browser-safe, so nothing else" },
  { from: "shared/moderation", to: "shared/contract", why: "as every shared folder that runs in Node" },
  { from: "shared/moderation", to: "shared/runtime", why: "as every shared folder that runs in Node" },
  { from: "shared/live", to: "shared/contract", why: "as every shared folder that runs in Node" },
  { from: "shared/live", to: "shared/runtime", why: "as every shared folder that runs in Node" },
  {
    from: "shared/live",
    to: "shared/tallies",
    why: "the pulse, alerts and suspects are read off what tallies keep",
  },
  { from: "shared/live", to: "shared/moderation", why: "how odd votes look is judged there" },
];

const FOLDERS: readonly string[] = [...Object.keys(DESIGN), ...MORE_FOLDERS.map(({ folder }) => folder)];

function mayImport(folder: string): readonly string[] {
  const more = MORE_IMPORTS.filter(({ from }) => from === folder).map(({ to }) => to);
  return [folder, ...(DESIGN[folder] ?? []), ...more];
}

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

  it("puts every file into a folder of the design, or one that is named with its reason", () => {
    expect(files.filter((file) => !FOLDERS.includes(folderOf(file)))).toEqual([]);
    expect(MORE_FOLDERS.filter(({ folder }) => folder in DESIGN)).toEqual([]);
  });

  it("lets nobody import what neither the design's table allows nor a named exception", () => {
    const wrong = files.flatMap((file) => {
      const allowed = mayImport(folderOf(file));
      return local(file)
        .filter((target) => !allowed.some((folder) => within(target, folder)))
        .map((target) => `${file} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it("makes no exception that nobody needs", () => {
    const unused = MORE_IMPORTS.filter(
      ({ from, to }) =>
        (DESIGN[from] ?? []).includes(to) ||
        !files.some((file) => within(file, from) && local(file).some((target) => within(target, to))),
    );
    expect(unused).toEqual([]);
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
