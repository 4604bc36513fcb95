/** Draws the hot list: rows that move to their new places, but never while a reader points at them. */
import type { HotPage } from "../../shared/contract/hot.ts";
import { make, makeIcon } from "./element.ts";
import type { HotWords } from "./hot-words.ts";
import enSentences from "./locales/en-sentences.ts";
import { phrase } from "./phrase.ts";
import { short, type Words } from "./words.ts";

const MOVE_MS = 450;

/** A flame, on a grid of 24. */
const FLAME = [
  "M12 21.2a6.3 6.3 0 0 0 6.3-6.4c0-4.2-3.5-5.6-3.9-10.2c-2.7 1.6-4.2 4.2-3.9 7.1c-1.1-.4-1.8-1.3-2-2.5c-1.8 1.5-2.8 3.5-2.8 5.6a6.3 6.3 0 0 0 6.3 6.4z",
];

interface Row {
  readonly item: HTMLLIElement;
  readonly link: HTMLAnchorElement;
  readonly heat: HTMLElement;
  readonly spoken: HTMLElement;
}

export class HotListView {
  readonly #title = make("h2", { part: "title", id: "title" });
  readonly #list = make("ol", { part: "list" });
  readonly #note = make("p", { part: "note", role: "status" });
  readonly #rows = new Map<string, Row>();
  #pages: readonly HotPage[] | undefined;
  #words: Words | undefined;
  #hot: HotWords | undefined;
  #trouble: "away" | "missing" | undefined;
  #held = false;

  constructor(root: ShadowRoot) {
    const box = make(
      "section",
      { part: "box", "aria-labelledby": "title" },
      this.#title,
      this.#list,
      this.#note,
    );
    root.replaceChildren(box);
  }

  /** Keeps room for so many rows, before they come and when fewer come: nothing below ever jumps. */
  reserve(rows: number): void {
    this.#list.style.setProperty("--rows", String(rows));
  }

  /** Takes the words, and draws in them. */
  speak(words: Words, hot: HotWords): void {
    this.#words = words;
    this.#hot = hot;
    this.#title.textContent = hot.title;
    this.#draw();
  }

  /** Takes a newer list. Numbers change at once; the order waits while it is held. */
  update(pages: readonly HotPage[]): void {
    this.#pages = pages;
    this.#trouble = undefined;
    this.#draw();
  }

  /** Says that the list cannot be had, if there is none yet. */
  fail(forGood: boolean): void {
    this.#trouble = forGood ? "missing" : "away";
    this.#draw();
  }

  /** Forgets the list: another one is wanted. */
  clear(): void {
    this.#pages = undefined;
    this.#trouble = undefined;
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#draw();
  }

  /** A reader points at the list: rows stay where they are. */
  hold(): void {
    this.#held = true;
  }

  /** Nobody points at the list any more. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#draw();
  }

  #draw(): void {
    const { locale } = this.#words ?? {};
    const empty = this.#pages?.length === 0 ? (this.#hot?.empty ?? "") : "";
    const trouble = this.#trouble === undefined || this.#rows.size > 0 ? "" : (locale?.[this.#trouble] ?? "");
    this.#note.textContent = trouble || empty;
    if (this.#pages === undefined || this.#words === undefined) return;
    for (const page of this.#pages) {
      const row = this.#rows.get(page.page);
      if (row !== undefined) this.#fill(row, page, this.#words);
    }
    // An empty place can be filled under anyone's finger.
    if (!this.#held || this.#rows.size === 0) this.#arrange(this.#pages, this.#words);
  }

  #arrange(pages: readonly HotPage[], words: Words): void {
    const places = new Map([...this.#rows.values()].map(({ item }) => [item, item.offsetTop]));
    const first = places.size === 0;
    const wanted = new Set(pages.map(({ page }) => page));
    for (const [page, { item }] of this.#rows) {
      if (wanted.has(page)) continue;
      item.remove();
      this.#rows.delete(page);
    }
    for (const [index, page] of pages.entries()) {
      const row = this.#rows.get(page.page) ?? this.#make();
      this.#rows.set(page.page, row);
      this.#fill(row, page, words);
      const there = this.#list.children[index];
      if (there !== row.item) this.#list.insertBefore(row.item, there ?? null);
    }
    if (first || matchMedia("(prefers-reduced-motion:reduce)").matches) return;
    for (const { item } of this.#rows.values()) slide(item, places.get(item));
  }

  #make(): Row {
    const link = make("a", { part: "link", dir: "auto" });
    const heat = make("span", { part: "count", "aria-hidden": "true" });
    const spoken = make("span", { class: "spoken" });
    return { item: make("li", { part: "item" }, link, heat, spoken), link, heat, spoken };
  }

  #fill({ link, heat, spoken }: Row, { title, url, total }: HotPage, words: Words): void {
    if (link.textContent !== title) link.textContent = title;
    if (link.getAttribute("href") !== url) link.setAttribute("href", url);
    const said = phrase(words.tag, words.locale.votes ?? enSentences.votes, total);
    if (spoken.textContent === said) return;
    heat.replaceChildren(makeIcon(FLAME), short(words, total));
    spoken.textContent = said;
  }
}

/** From its old place to its new one (FLIP: first, last, invert, play); a new row fades in. */
function slide(item: HTMLElement, before: number | undefined): void {
  const by = before === undefined ? 0 : before - item.offsetTop;
  if (before !== undefined && by === 0) return;
  const from = before === undefined ? { opacity: 0 } : { transform: `translateY(${by}px)` };
  const to = before === undefined ? { opacity: 1 } : { transform: "none" };
  item.animate([from, to], { duration: MOVE_MS, easing: "cubic-bezier(.2,.8,.2,1)" });
}
