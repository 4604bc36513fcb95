/**
 * The whole socket wire: socket.io at `/socket.io`, handshake `auth: { site, pages? }`. The pages of the handshake are watched
 * from the start, as by `watch`: whoever comes back asks for all that it needs at once.
 */
import type { PageCounts } from "./counts.ts";
import { isObject } from "./object.ts";
import { isPageId, PAGES_MAX } from "./page-id.ts";
import { type Problem, Refusal } from "./problems.ts";

/** What the answer to an event carries when it was refused. */
export interface RefusedAck {
  readonly ok: false;
  /** Says with `retryAfter` when to come again, where that helps. */
  readonly problem: Problem;
}

/** What the answer to an event carries: its fields, or why it was refused. */
export type Ack<Fields> = ({ readonly ok: true } & Fields) | RefusedAck;

/** How a client takes an answer. */
export type Answer<Fields> = (ack: Ack<Fields>) => void;

/** Events that a client sends; payloads are unknown until parsed. */
export interface ClientEvents {
  /** `{ pages }`: hear of these pages from now on; answered with their counts of this moment. */
  watch: (payload: unknown, answer: Answer<{ readonly pages: readonly PageCounts[] }>) => void;
  /** `{ pages }`: hear of these pages no more. */
  unwatch: (payload: unknown, answer: Answer<object>) => void;
  /** `{ solution? }`: a new anonymous voter. */
  voter: (payload: unknown, answer: Answer<{ readonly voter: string }>) => void;
  /** `{ page, reaction, voter?, solution? }`: answered once the vote is on disk. */
  vote: (payload: unknown, answer: Answer<{ readonly at: number; readonly voter?: string }>) => void;
}

/** Events that the service sends. */
export interface ServerEvents {
  /** The newest counts of a watched page. */
  counts: (counts: PageCounts) => void;
  /** The answer to the handshake's pages, once: what a `watch` of them would have been answered with. */
  watched: (ack: Ack<{ readonly pages: readonly PageCounts[] }>) => void;
}

/**
 * The pages of a `watch` or `unwatch`, without repeats.
 * @throws Refusal `pages_invalid`, `too_many_pages` or `page_invalid`
 */
export function parsePages(payload: unknown): readonly string[] {
  const pages = isObject(payload) ? payload.pages : undefined;
  if (!Array.isArray(pages) || pages.length === 0) throw new Refusal("pages_invalid");
  if (pages.length > PAGES_MAX) throw new Refusal("too_many_pages");
  const checked = new Set<string>();
  for (const page of pages) {
    if (!isPageId(page)) throw new Refusal("page_invalid");
    checked.add(page);
  }
  return [...checked];
}
