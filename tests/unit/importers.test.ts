import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readArtalk } from "../../services/moderation/importers/artalk.ts";
import { readDisqus } from "../../services/moderation/importers/disqus.ts";
import { baseLines, mapTotals } from "../../services/moderation/importers/foreign-totals.ts";
import { readHyvor } from "../../services/moderation/importers/hyvor.ts";
import { parseReactionMap } from "../../services/moderation/importers/reaction-map.ts";
import { readWaline } from "../../services/moderation/importers/waline.ts";
import { UsageError } from "../../services/moderation/usage-error.ts";
import { WrongFile } from "../../services/moderation/wrong-file.ts";
import { parseExportLine, writeExportLine } from "../../shared/contract/export.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/importers/${name}`, import.meta.url), "utf8");

describe("importers", () => {
  it("M41: Waline's reaction0 … reaction8 become base counts; rows of one address are copies of each other", () => {
    const map = parseReactionMap("0=great,1=sad", DEFAULT_REACTIONS);
    expect(mapTotals(readWaline(fixture("waline.json")), map, "https://news.example")).toEqual({
      pages: [{ page: "https://news.example/posts/harbour.html", base: { great: 12, sad: 3 } }],
      unmapped: new Map([["8", 1]]),
      unnamed: 0,
    });
  });

  it("M41: Hyvor Talk's pages carry reactions by name; those of the same name as ours need no map", () => {
    const foreign = readHyvor(fixture("hyvor.json"));
    const map = parseReactionMap("superb=great,love=great", DEFAULT_REACTIONS);
    expect(mapTotals(foreign, map, undefined)).toEqual({
      pages: [{ page: "harbour", base: { great: 7, sad: 4, angry: 3 } }],
      unmapped: new Map([["laugh", 1]]),
      unnamed: 0,
    });
  });

  it("M41: Artalk's and Disqus' files are refused, because they hold no reactions to articles", () => {
    expect(() => readArtalk(fixture("artalk.artrans"))).toThrow(/does not export the votes on pages/);
    expect(() => readDisqus(fixture("disqus.xml"))).toThrow(/no reactions/);
    expect(() => readArtalk("[]")).toThrow(/not an export of Artalk/);
    expect(() => readDisqus("<rss/>")).toThrow(/not an export of Disqus/);
  });

  it("M41: files that are none of theirs are refused with a sentence", () => {
    const broken = { type: "waline", data: { Counter: [{ url: "/a", reaction0: -1 }] } };
    for (const read of [
      () => readWaline("{}"),
      () => readWaline("not json"),
      () => readWaline(JSON.stringify(broken)),
      () => readWaline(JSON.stringify({ type: "waline", data: {} })),
      () => readHyvor("{}"),
      () => readHyvor('{"pages":[{"identifier":"a","reactions":{"sad":"many"}}]}'),
      () => readHyvor('{"pages":[]}'),
    ]) {
      expect(read).toThrow(WrongFile);
    }
    for (const map of ["great", "0=wow", "0=", "=great", "0=great;1=sad"]) {
      expect(() => parseReactionMap(map, DEFAULT_REACTIONS)).toThrow(UsageError);
    }
  });

  it("M41: what they become is an export like any other", () => {
    const lines = [...baseLines("default", DEFAULT_REACTIONS, [{ page: "a", base: { great: 1 } }], 1)];
    expect(lines.map(writeExportLine).map(parseExportLine)).toEqual(lines);
    expect(lines.at(-1)).toEqual({ kind: "trailer", pages: 1, votes: 0, audit: 0 });
  });
});
