/** Votes that the service has not answered yet, kept in the page's own localStorage: they survive a reload. */
import { isObject } from "../../shared/contract/object.ts";

export class Outbox {
  readonly #name: string;
  /** Used alone where storage is forbidden. */
  #votes: Record<string, string | null> = {};

  constructor(site: string) {
    this.#name = `reader-reactions:waiting:${site}`;
  }

  /** Pages with a vote that waits. */
  get pages(): readonly string[] {
    return Object.keys(this.#read());
  }

  /** The vote that waits on a page; undefined when none does. */
  get(page: string): string | null | undefined {
    const votes = this.#read();
    return Object.hasOwn(votes, page) ? votes[page] : undefined;
  }

  /** Keeps a vote until it is dropped. */
  put(page: string, reaction: string | null): void {
    this.#write({ ...this.#read(), [page]: reaction });
  }

  /** Forgets the vote on a page. */
  drop(page: string): void {
    const { [page]: _, ...others } = this.#read();
    this.#write(others);
  }

  #read(): Record<string, string | null> {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.#name) ?? "{}");
      this.#votes = isObject(kept)
        ? Object.fromEntries(
            Object.entries(kept).map(([page, vote]) => [page, typeof vote === "string" ? vote : null]),
          )
        : {};
    } catch {}
    return this.#votes;
  }

  #write(votes: Record<string, string | null>): void {
    this.#votes = votes;
    try {
      if (Object.keys(votes).length === 0) localStorage.removeItem(this.#name);
      else localStorage.setItem(this.#name, JSON.stringify(votes));
    } catch {}
  }
}
