import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../shared/runtime/config.ts";
import { isOriginPattern, mayAct } from "../../shared/runtime/site-origins.ts";
import { mayBeOpen, SiteBook } from "../../shared/runtime/sites.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function fileWith(content: string): string {
  const file = join(temporaryFolder(), "sites.json");
  writeFileSync(file, content);
  return file;
}

function sitesIn(content: string) {
  return new SiteBook(fileWith(content)).sites;
}

describe("sites", () => {
  it("S4: without a file there is one, named default, with the four reactions and open to all", () => {
    const book = new SiteBook(undefined);
    expect([book.sites.size, book.sites.complete]).toEqual([0, false]);
    book.takeStored([], false);
    expect([...book.sites.values()]).toEqual([
      {
        id: "default",
        name: "Default",
        reactions: ["great", "sad", "angry", "recommend"],
        origins: undefined,
        pages: { open: "anyone" },
        voters: { who: "anonymous" },
        puzzle: "auto",
        limits: {
          newPagesAMinute: 60,
          newVotersAMinute: 600,
          votesAMinuteOfVoter: 150,
          votesAMinuteOfNetwork: 6_000,
        },
      },
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
      '[{"id":"a","name":"x","origins":["news.example"]}]',
      '[{"id":"a","name":"x","origins":["https://news.example/"]}]',
      '[{"id":"a","name":"x","pages":{"open":"origin"}}]',
      '[{"id":"a","name":"x","pages":{"open":"signed","keys":["short"]}}]',
      '[{"id":"a","name":"x","limits":{"newPagesAMinute":0}}]',
    ];
    for (const content of bad) expect(() => sitesIn(content), content).toThrow(ConfigError);
    expect(() => new SiteBook("nowhere.json")).toThrow(/expected a JSON list of sites/);
  });

  it("S60: a changed file takes effect; a faulty one is told once and changes nothing", () => {
    const file = fileWith('[{"id":"a","name":"A"},{"id":"b","name":"B"}]');
    const watched = new SiteBook(file);
    const { sites } = watched;
    const changes: string[][] = [];
    watched.onChange((ids) => changes.push([...ids].sort()));
    expect(watched.lookAtFile()).toBe(false);
    writeFileSync(file, '[{"id":"a","name":"A"},{"id":"c","name":"C"}]');
    expect(watched.lookAtFile()).toBe(true);
    expect([...sites.keys()]).toEqual(["a", "c"]);
    expect(changes).toEqual([["b", "c"]]);
    writeFileSync(file, '[{"id":"a"');
    expect(() => watched.lookAtFile()).toThrow(/no JSON/);
    expect(watched.lookAtFile()).toBe(false);
    rmSync(file);
    expect(() => watched.lookAtFile()).toThrow(/cannot be read/);
    expect(watched.lookAtFile()).toBe(false);
    expect([...sites.keys()]).toEqual(["a", "c"]);
  });

  it("S60: reactions that would change what kept votes mean are a fault", () => {
    const file = fileWith('[{"id":"a","name":"A","reactions":["yes","no"]}]');
    const watched = new SiteBook(file);
    writeFileSync(file, '[{"id":"a","name":"A","reactions":["no","yes"]}]');
    expect(() => watched.lookAtFile()).toThrow(/begin with yes, no, got no, yes/);
    writeFileSync(file, '[{"id":"a","name":"A","reactions":["yes","no","maybe"]}]');
    expect(watched.lookAtFile()).toBe(true);
    expect(watched.sites.get("a")?.reactions).toEqual(["yes", "no", "maybe"]);
  });

  it("S61: a service that others can reach serves the open site only when it is told to", () => {
    expect(mayBeOpen({ host: "0.0.0.0", open: false })).toBe(false);
    for (const fine of [{ open: true }, { host: "127.0.0.1" }, { host: "::1" }])
      expect(mayBeOpen({ host: "0.0.0.0", open: false, ...fine })).toBe(true);
    for (const may of [true, false]) {
      const book = new SiteBook(undefined, may);
      expect(book.neverNamed).toBe(false);
      book.takeStored([], false);
      expect([book.neverNamed, book.sites.has("default")]).toEqual([true, may]);
      book.takeStored([], true);
      expect([book.neverNamed, book.sites.size]).toEqual([false, 0]);
    }
  });

  it("S62: an origin is allowed when it is named, or a subdomain of one with a star; nothing that looks like it", () => {
    const origins = ["https://news.example", "https://*.press.example"];
    expect(origins.every(isOriginPattern)).toBe(true);
    for (const bad of [
      "*",
      "https://*",
      "https://a.*.example",
      "HTTPS://news.example",
      "ftp://news.example",
      "",
    ])
      expect(isOriginPattern(bad), bad).toBe(false);
    const act = (origin: string | undefined, host = "reactions.example"): boolean =>
      mayAct(origins, origin, host);
    for (const good of [
      "https://news.example",
      "https://a.press.example",
      "https://a.b.press.example",
      undefined,
    ])
      expect(act(good), good).toBe(true);
    for (const bad of [
      "http://news.example",
      "https://news.example:8443",
      "https://news.example.evil.example",
      "https://evilnews.example",
      "https://press.example",
      "https://.press.example",
      "https://evilpress.example",
      "http://a.press.example",
      "null",
      "",
    ])
      expect(act(bad), bad).toBe(false);
    expect(act("https://reactions.example")).toBe(true);
    expect(mayAct(undefined, "https://anybody.example", undefined)).toBe(true);
  });
});
