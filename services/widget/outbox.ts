/** Votes that the service has not answered yet, kept in the page's own localStorage: they survive a reload. */
import { isObject } from "../../shared/contract/object.ts";

export interface WaitingVote {
  readonly reaction: string | null;
  /** The publisher's, of the page: the page may be left before the vote is sent. */
  readonly signature?: string | undefined;
}

export class Outbox {
  readonly #name: string;
  /** Used alone where storage is forbidden. */
  #votes: Record<string, WaitingVote> = {};

  constructor(site: string) {
    this.#name = `reader-reactions:waiting:${site}`;
  }

  /** Pages with a vote that waits. */
  get pages(): readonly string[] {
    return Object.keys(this.#read());
  }

  /** The vote that waits on a page; undefined when none does. */
  get(page: string): WaitingVote | undefined {
    const votes = this.#read();
    return Object.hasOwn(votes, page) ? votes[page] : undefined;
  }

  /** Keeps a vote until it is dropped. */
  put(page: string, vote: WaitingVote): void {
    this.#write({ ...this.#read(), [page]: vote });
  }

  /** Forgets the vote on a page. */
  drop(page: string): void {
    const { [page]: _, ...others } = this.#read();
    this.#write(others);
  }

  #read(): Record<string, WaitingVote> {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.#name) ?? "{}");
      this.#votes = isObject(kept)
        ? Object.fromEntries(Object.entries(kept).map(([page, vote]) => [page, parseVote(vote)]))
        : {};
    } catch {}
    return this.#votes;
  }

  #write(votes: Record<string, WaitingVote>): void {
    this.#votes = votes;
    try {
      if (Object.keys(votes).length === 0) localStorage.removeItem(this.#name);
      else localStorage.setItem(this.#name, JSON.stringify(votes));
    } catch {}
  }
}

/** Bars of earlier versions kept the reaction alone. */
function parseVote(vote: unknown): WaitingVote {
  const { reaction, signature }: Record<string, unknown> = isObject(vote) ? vote : { reaction: vote };
  return {
    reaction: typeof reaction === "string" ? reaction : null,
    ...(typeof signature === "string" ? { signature } : {}),
  };
}
