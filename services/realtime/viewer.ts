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
  /** Of a reader's socket. */
  viewer?: Viewer;
}

/** Everything that the service sends, in whichever namespace. */
export type SentEvents = ServerEvents & LiveEvents;

/** A socket whose site is known. */
export type ViewerSocket = Socket<ClientEvents, SentEvents, Record<never, never>, SocketData>;

interface Watch {
  /** Requests for the page that are under way. */
  asking: number;
  /** Whether one was answered with counts. */
  told: boolean;
}

export class Viewer {
  readonly #socket: Pick<ViewerSocket, "data" | "join" | "leave">;
  readonly #watched: WatchedPages;
  readonly #pages = new Map<string, Watch>();
  #sent = true;

  constructor(socket: Pick<ViewerSocket, "data" | "join" | "leave">, watched: WatchedPages) {
    this.#socket = socket;
    this.#watched = watched;
  }

  get #site(): Site {
    return this.#socket.data.site;
  }

  /**
   * Watches pages from now on; resolves to their counts of this moment.
   * @throws Refusal `too_many_pages`; `unavailable`: none of the new pages is watched then, unless another request for it
   * is answered with counts: a viewer that asks twice is refused once and still told what it was promised
   */
  async watch(pages: readonly string[]): Promise<readonly PageCounts[]> {
    const fresh = pages.filter((page) => !this.#pages.has(page));
    if (this.#pages.size + fresh.length > PAGES_MAX) throw new Refusal("too_many_pages");
    for (const page of fresh) {
      this.#pages.set(page, { asking: 0, told: false });
      this.#watched.enter(this.#site, page);
    }
    const watches = pages.flatMap((page) => this.#pages.get(page) ?? []);
    for (const watch of watches) watch.asking++;
    // In the room before the counts are read, so that no change falls between the two.
    await this.#socket.join(fresh.map((page) => nameOf(this.#site, page)));
    try {
      const counts = await this.#watched.counts(this.#site, pages);
      for (const watch of watches) watch.told = true;
      return counts;
    } catch {
      const vain = (watch: Watch | undefined): boolean =>
        watch !== undefined && watches.includes(watch) && !watch.told && watch.asking === 1;
      this.unwatch(pages.filter((page) => vain(this.#pages.get(page))));
      throw new Refusal("unavailable", "The counts cannot be read at this moment.");
    } finally {
      for (const watch of watches) watch.asking--;
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

  /** The socket sent an event. */
  noteEvent(): void {
    this.#sent = true;
  }

  /** Whether it watches a page, or sent an event since this was asked last. */
  takeBusy(): boolean {
    const busy = this.#sent || this.#pages.size > 0;
    this.#sent = false;
    return busy;
  }

  /** The socket has gone. */
  leave(): void {
    this.unwatch([...this.#pages.keys()]);
  }
}
