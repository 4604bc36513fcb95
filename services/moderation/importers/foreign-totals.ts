/** Bare totals from elsewhere: how many pressed what on which page, without who. They become base counts. */
import {
  EXPORT_FORMAT,
  EXPORT_VERSION,
  type ExportLine,
  type ReactionCounts,
} from "../../../shared/contract/export.ts";
import { isPageId } from "../../../shared/contract/page-id.ts";
import { WrongFile } from "../wrong-file.ts";
import type { ReactionMap } from "./reaction-map.ts";

/** One page of a foreign export. */
export interface ForeignPage {
  /** As the other system names it. */
  readonly page: string;
  /** Votes by the other system's own names. */
  readonly votes: ReadonlyMap<string, number>;
}

/** What becomes of foreign totals. */
export interface MappedTotals {
  readonly pages: readonly { readonly page: string; readonly base: ReactionCounts }[];
  /** Votes that `map` gives no place, by foreign name. */
  readonly unmapped: ReadonlyMap<string, number>;
  /** Names that cannot be page ids. */
  readonly unnamed: number;
}

/**
 * Foreign totals under this site's reactions. Several foreign reactions may become one. Pages that come to nothing are
 * left out.
 * @param origin put before names that begin with a slash, so that they become the addresses that widgets use
 */
export function mapTotals(
  foreign: readonly ForeignPage[],
  map: ReactionMap,
  origin: string | undefined,
): MappedTotals {
  const pages = new Map<string, Record<string, number>>();
  const unmapped = new Map<string, number>();
  let unnamed = 0;
  for (const { page: name, votes } of foreign) {
    const page = origin !== undefined && name.startsWith("/") ? origin + name : name;
    if (!isPageId(page)) {
      unnamed++;
      continue;
    }
    for (const [theirs, count] of votes) {
      if (count === 0) continue;
      const ours = map.get(theirs);
      if (ours === undefined) {
        unmapped.set(theirs, (unmapped.get(theirs) ?? 0) + count);
        continue;
      }
      const base = pages.get(page) ?? {};
      base[ours] = (base[ours] ?? 0) + count;
      pages.set(page, base);
    }
  }
  const sorted = [...pages].sort(([a], [b]) => (a < b ? -1 : 1));
  return { pages: sorted.map(([page, base]) => ({ page, base })), unmapped, unnamed };
}

/** The lines of an export that gives pages their base counts and nothing else. */
export function* baseLines(
  site: string,
  reactions: readonly string[],
  pages: MappedTotals["pages"],
  exportedAt: number,
): Generator<ExportLine> {
  yield { kind: "header", format: EXPORT_FORMAT, version: EXPORT_VERSION, site, reactions, exportedAt };
  for (const { page, base } of pages) {
    yield { kind: "page", page, state: "open", records: 0, base };
    yield { kind: "totals", page, votes: 0, counts: {} };
  }
  yield { kind: "trailer", pages: pages.length, votes: 0, audit: 0 };
}

/** A file's JSON; a byte order mark at its beginning is none of it. */
export function jsonOf(text: string, whose: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new WrongFile(`This file is not JSON. An export of ${whose} is.`);
  }
}

/** A whole number that is a count, whether written as a number or as text; null and absence are zero; else undefined. */
export function countOf(value: unknown): number | undefined {
  if (value === null || value === undefined) return 0;
  const count = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(count) && Number(count) >= 0 ? Number(count) : undefined;
}
