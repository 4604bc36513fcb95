/** Pages from what publishers have anyway: RSS, Atom, a sitemap, or NDJSON of `{ page, title, url, published? }`. */
import { XMLParser } from "fast-xml-parser";
import { isObject } from "../../../shared/contract/object.ts";
import { isPageId } from "../../../shared/contract/page-id.ts";
import { isPageTitle, isPageUrl, type RegisteredPage } from "../../../shared/contract/registered-page.ts";
import { WrongFile } from "../wrong-file.ts";

/** What a file says. */
export interface FeedPages {
  readonly pages: readonly RegisteredPage[];
  /** Entries that name no page that can be registered, each as a sentence. */
  readonly passedOver: readonly string[];
}

/** What the page's id is to be: its address (what the widget takes by itself), or the feed's own id (`guid`, `id`). */
export type FeedId = "url" | "guid";

/**
 * @param text the whole file
 * @throws WrongFile when it is none of the four
 */
export function readFeed(text: string, id: FeedId): FeedPages {
  const entries = text.trimStart().startsWith("<") ? xmlEntries(text, id) : jsonEntries(text);
  const pages: RegisteredPage[] = [];
  const passedOver: string[] = [];
  for (const { where, page, title, url, published } of entries) {
    if (!isPageUrl(url)) passedOver.push(`${where}: no http or https address`);
    else if (!isPageId(page)) passedOver.push(`${where}: no id that a page can have`);
    else if (!isPageTitle(title)) passedOver.push(`${where}: no title of 1 to 300 characters`);
    else pages.push(published === undefined ? { page, title, url } : { page, title, url, published });
  }
  if (pages.length === 0 && passedOver.length === 0) {
    throw new WrongFile(
      "There is no entry in this file. Expected RSS, Atom, a sitemap, or NDJSON of { page, title, url }.",
    );
  }
  return { pages, passedOver };
}

interface Entry {
  /** Which entry, for people. */
  readonly where: string;
  readonly page: unknown;
  readonly title: unknown;
  readonly url: unknown;
  readonly published: number | undefined;
}

const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  // Titles may look like numbers; they stay what they are.
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
  isArray: (name) => name === "item" || name === "entry" || name === "url" || name === "link",
});

function xmlEntries(text: string, id: FeedId): readonly Entry[] {
  let root: unknown;
  try {
    root = PARSER.parse(text, true);
  } catch (error) {
    throw new WrongFile(
      `This is not well-formed XML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const tree = fields(root);
  const rss = fields(fields(tree.rss).channel);
  const rdf = fields(tree["rdf:RDF"]);
  const items = [...list(rss.item), ...list(rdf.item)];
  if (items.length > 0) return items.map((item, index) => rssEntry(fields(item), index + 1, id));
  const atom = list(fields(tree.feed).entry);
  if (atom.length > 0) return atom.map((entry, index) => atomEntry(fields(entry), index + 1, id));
  return list(fields(tree.urlset).url).map((url, index) => sitemapEntry(fields(url), index + 1));
}

function rssEntry(item: Fields, number: number, id: FeedId): Entry {
  const url = textOf(list(item.link)[0]);
  return {
    where: `item ${number}`,
    url,
    page: id === "guid" ? textOf(item.guid) : url,
    title: oneLine(textOf(item.title)),
    published: timeOf(textOf(item.pubDate) ?? textOf(item["dc:date"])),
  };
}

function atomEntry(entry: Fields, number: number, id: FeedId): Entry {
  const links = list(entry.link).map(fields);
  const link = links.find(
    (candidate) => candidate["@rel"] === undefined || candidate["@rel"] === "alternate",
  );
  const url = link?.["@href"];
  return {
    where: `entry ${number}`,
    url,
    page: id === "guid" ? textOf(entry.id) : url,
    title: oneLine(textOf(entry.title)),
    published: timeOf(textOf(entry.published) ?? textOf(entry.updated)),
  };
}

/** Plain sitemaps have no titles; those for news do (`news:title`). Without one the address stands in. */
function sitemapEntry(entry: Fields, number: number): Entry {
  const url = textOf(entry.loc);
  const news = fields(entry["news:news"]);
  return {
    where: `url ${number}`,
    url,
    page: url,
    title: oneLine(textOf(news["news:title"])) ?? url?.slice(0, 300),
    published: timeOf(textOf(news["news:publication_date"])),
  };
}

function jsonEntries(text: string): readonly Entry[] {
  return text.split("\n").flatMap((line, index): readonly Entry[] => {
    if (line.trim() === "") return [];
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      value = undefined;
    }
    if (!isObject(value)) throw new WrongFile(`Line ${index + 1} is not a JSON object.`);
    const { page, title, url, published } = value;
    const at = Number.isSafeInteger(published) ? Number(published) : undefined;
    return [{ where: `line ${index + 1}`, page, title, url, published: at }];
  });
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An element with attributes is an object, one without is its text. */
function textOf(value: unknown): string | undefined {
  const text = isObject(value) ? value["#text"] : value;
  return typeof text === "string" && text !== "" ? text : undefined;
}

function oneLine(text: string | undefined): string | undefined {
  return text?.replace(/\s+/g, " ").trim();
}

function timeOf(text: string | undefined): number | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isSafeInteger(at) && at >= 0 ? at : undefined;
}
