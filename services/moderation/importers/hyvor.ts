/**
 * Hyvor Talk's export: one JSON object of lists of rows, as its exporter writes them (hyvor/php-json-exporter): `comments`
 * and `pages` among them. A page, there as in the Data API and in the embed's types (hyvor/hyvor-talk-libraries,
 * `CommentsApiPage`), is `{ id, identifier, url, title, …, reactions: { superb, love, wow, sad, laugh, angry } }`; a comment
 * carries its `page`. A saved answer of the Data API's `/pages`, a list of such pages, is taken too.
 *
 * `identifier` is what the site gave as `page-id`, or the canonical address when it gave none, so it becomes the page's id.
 * The votes have no voters: reactions of readers without an account are only counted.
 */
import { isObject } from "../../../shared/contract/object.ts";
import { WrongFile } from "../wrong-file.ts";
import { countOf, type ForeignPage, jsonOf } from "./foreign-totals.ts";

/** @throws WrongFile */
export function readHyvor(text: string): readonly ForeignPage[] {
  const rows = pageRows(jsonOf(text, "Hyvor Talk"));
  const pages = new Map<string, ForeignPage>();
  for (const [index, row] of rows.entries()) {
    if (!isObject(row) || row.reactions === undefined || row.reactions === null) continue;
    const page = row.identifier ?? row.url;
    if (typeof page !== "string") throw malformed(index, "identifier");
    if (!isObject(row.reactions)) throw malformed(index, "reactions");
    const votes = new Map<string, number>();
    for (const [name, value] of Object.entries(row.reactions)) {
      const count = countOf(value);
      if (count === undefined) throw malformed(index, `reactions.${name}`);
      votes.set(name, count);
    }
    pages.set(page, { page, votes });
  }
  if (pages.size === 0) {
    throw new WrongFile("No page in this export of Hyvor Talk has reactions, so there is nothing to import.");
  }
  return [...pages.values()];
}

function pageRows(root: unknown): readonly unknown[] {
  if (Array.isArray(root)) return root;
  if (isObject(root) && Array.isArray(root.pages)) return root.pages;
  if (isObject(root) && Array.isArray(root.comments)) {
    return root.comments.map((comment: unknown) => (isObject(comment) ? comment.page : undefined));
  }
  throw new WrongFile("This is not an export of Hyvor Talk: it has neither pages nor comments.");
}

function malformed(index: number, field: string): WrongFile {
  return new WrongFile(`Page ${index + 1}: ${field} is missing or not well formed.`);
}
