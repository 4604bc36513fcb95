/** Titles of pages that were seen in some list: the service tells them with the lists only. */
import { signal } from "@preact/signals";
import type { HotPage } from "../../shared/contract/hot.ts";

type Titled = Pick<HotPage, "page" | "title" | "url">;

/** More than one screen ever shows; a day in front of a wall must not fill its memory. */
const TITLES_MAX = 2_000;

const known = signal<ReadonlyMap<string, Titled>>(new Map());

/** Title and address of a page; undefined when it was in no list yet. */
export function titled(page: string): Titled | undefined {
  return known.value.get(page);
}

/** All that are known, the newest last. */
export function titledPages(): readonly Titled[] {
  return [...known.value.values()];
}

export function rememberTitles(pages: readonly Titled[]): void {
  const unknown = pages.filter(({ page, title }) => known.peek().get(page)?.title !== title);
  if (unknown.length === 0) return;
  const all = [...known.peek(), ...unknown.map((row) => [row.page, row] as const)];
  known.value = new Map(all.slice(-TITLES_MAX));
}
