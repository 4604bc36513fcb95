import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readFeed } from "../../services/moderation/feeds/read-feed.ts";
import { WrongFile } from "../../services/moderation/wrong-file.ts";

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/feeds/${name}`, import.meta.url), "utf8");

describe("pages from feeds", () => {
  it("M42: RSS names pages by address or by guid, in plain text; what names none is passed over", () => {
    const { pages, passedOver } = readFeed(fixture("rss.xml"), "url");
    expect(pages).toEqual([
      {
        page: "https://news.example/bread",
        title: "Bread & <b>salt</b>",
        url: "https://news.example/bread",
        published: Date.UTC(2026, 10, 23, 10),
      },
      { page: "https://news.example/year", title: "2026 & after", url: "https://news.example/year" },
    ]);
    expect(passedOver).toEqual([
      "item 2: no http or https address",
      "item 3: no title of 1 to 300 characters",
    ]);
    expect(readFeed(fixture("rss.xml"), "guid").pages.map(({ page }) => page)).toEqual(["bread-1", "year"]);
  });

  it("M42: Atom takes the alternate link and the time of publication", () => {
    expect(readFeed(fixture("atom.xml"), "url").pages).toEqual([
      {
        page: "https://news.example/harbour",
        title: "A quiet harbour",
        url: "https://news.example/harbour",
        published: Date.UTC(2026, 10, 23),
      },
    ]);
    expect(readFeed(fixture("atom.xml"), "guid").pages[0]?.page).toBe("tag:news.example,2026:harbour");
  });

  it("M42: a sitemap has titles when it is one for news; else the address stands in", () => {
    expect(readFeed(fixture("sitemap.xml"), "url").pages).toEqual([
      {
        page: "https://news.example/harbour",
        title: "A quiet harbour",
        url: "https://news.example/harbour",
        published: Date.UTC(2026, 10, 23),
      },
      {
        page: "https://news.example/plain",
        title: "https://news.example/plain",
        url: "https://news.example/plain",
      },
    ]);
  });

  it("M42: NDJSON is taken as it is; other files are refused with a sentence", () => {
    const line = { page: "a", title: "A", url: "https://news.example/a", published: 5 };
    expect(readFeed(`${JSON.stringify(line)}\n\n`, "url").pages).toEqual([line]);
    for (const text of ["", "<rss></rss>", "<rss><channel>", "plain text", "[1]", "<html><body/></html>"]) {
      expect(() => readFeed(text, "url")).toThrow(WrongFile);
    }
  });

  it("M42: entities that would grow without end are not expanded", () => {
    const bomb = `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
      <rss><channel><item><title>${"&c;".repeat(1_000)}</title><link>https://news.example/a</link></item></channel></rss>`;
    let length = 0;
    try {
      length = JSON.stringify(readFeed(bomb, "url")).length;
    } catch (error) {
      expect(error).toBeInstanceOf(WrongFile);
    }
    expect(length).toBeLessThan(10_000);
  });
});
