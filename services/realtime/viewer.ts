/** One socket: the pages that it watches, and the events that it sends. */
import type { Socket } from "socket.io";
import type { PageCounts } from "../../shared/contract/counts.ts";
import type { ClientEvents, ServerEvents } from "../../shared/contract/events.ts";
import { PAGES_MAX } from "../../shared/contract/page-id.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import type { LiveEvents } from "../../shared/contract/pulse.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { nameOf, type WatchedPages } from "./watched-pages.ts";

/** What is known of a socket once it was let in; the token is a dashboard's. */
export interface SocketData {
  site: Site;
  address: string;
  token?: string;
}

/** Everything that the service sends, in whichever namespace. */
export type SentEvents = ServerEvents & LiveEvents;

/** A socket whose site is known. */
export type ViewerSocket = Socket<ClientEvents, SentEvents, Record<never, never>, SocketData>;

export class Viewer {
  readonly #socket: ViewerSocket;
  readonly #watched: WatchedPages;
  readonly #pages = new Set<string>();

  constructor(socket: ViewerSocket, watched: WatchedPages) {
    this.#socket = socket;
    this.#watched = watched;
  }

  get #site(): Site {
    return this.#socket.data.site;
  }

  /**
   * Watches pages from now on; resolves to their counts of this moment.
   * @throws Refusal `too_many_pages`; `unavailable`: none of the new pages is watched then
   */
  async watch(pages: readonly string[]): Promise<readonly PageCounts[]> {
    const fresh = pages.filter((page) => !this.#pages.has(page));
    if (this.#pages.size + fresh.length > PAGES_MAX) throw new Refusal("too_many_pages");
    for (const page of fresh) {
      this.#pages.add(page);
      this.#watched.enter(this.#site, page);
    }
    // In the room before the counts are read, so that no change falls between the two.
    await this.#socket.join(fresh.map((page) => nameOf(this.#site, page)));
    try {
      return await this.#watched.counts(this.#site, pages);
    } catch {
      this.unwatch(fresh);
      throw new Refusal("unavailable", "The counts cannot be read at this moment.");
    }
  }

  /** Watches these pages no more; pages that are not watched are passed over. */
  unwatch(pages: readonly string[]): void {
    for (const page of pages) {
      if (!this.#pages.delete(page)) continue;
      void this.#socket.leave(nameOf(this.#site, page));
      this.#watched.leave(this.#site, page);
    }
  }

  /** The socket has gone. */
  leave(): void {
    this.unwatch([...this.#pages]);
  }
}
