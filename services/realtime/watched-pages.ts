/**
 * The pages that viewers of this process watch: subscribed to from the first viewer to the last, read again whenever
 * messages may have been lost.
 */
import { isDeepStrictEqual } from "node:util";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { COMMAND_MS_MAX } from "../../shared/runtime/redis-connections.ts";
import type { ReactingSite } from "../../shared/runtime/sites.ts";
import { within } from "../../shared/runtime/within.ts";
import type { PageFeed } from "../../shared/tallies/page-feed.ts";
import { countsOf, type PageTotals } from "../../shared/tallies/read-counts.ts";
import { WINDOW_MS } from "./merge-window.ts";
import { PagePush, type PushTimes, type SendCounts, SYSTEM_TIMES } from "./push-counts.ts";
import { Rush } from "./rush.ts";

/** Reads counts from Redis. */
export type ReadCounts = (site: ReactingSite, pages: readonly string[]) => Promise<readonly PageCounts[]>;

/** Has a page's history begin anew, because Redis lost some of what viewers were `told`. */
export type BeginAnew = (site: ReactingSite, told: PageCounts) => Promise<unknown>;

export interface WatchedPagesParts {
  readonly feed: Pick<PageFeed, "follow" | "unfollow" | "renew">;
  readonly read: ReadCounts;
  readonly beginAnew: BeginAnew;
  /** Sends counts to all viewers of a page of this site. */
  readonly send: (site: ReactingSite, counts: PageCounts) => void;
  /** Told of each state that a newer one overtook before it was sent. */
  readonly onMerged: () => void;
  /** Told how many pages a check found whose viewers knew something else than Redis. */
  readonly onHealed: (count: number) => void;
  /** Default: the process's. */
  readonly times?: PushTimes;
}

interface WatchedPage {
  readonly site: ReactingSite;
  readonly page: string;
  readonly push: PagePush;
  viewers: number;
  /** Resolves once the subscription stands. */
  readonly followed: Promise<void>;
  /** When a read of it was last begun that came back; every change since then was heard. */
  read_ms: number;
}

/** Pages that one check reads at a time, so that many watched pages do not become one burst at Redis. */
const READ_TOGETHER = 100;

/**
 * A page that was read so lately is not read again for one viewer more: what changed since then was heard. When a process
 * dies, thousands of viewers ask a neighbour for the same few pages.
 */
const FRESH_MS = WINDOW_MS;

export class WatchedPages {
  readonly #parts: WatchedPagesParts;
  readonly #times: PushTimes;
  readonly #pages = new Map<string, WatchedPage>();
  readonly #rush = new Rush();

  constructor(parts: WatchedPagesParts) {
    this.#parts = parts;
    this.#times = parts.times ?? SYSTEM_TIMES;
  }

  /** Number of pages watched. */
  get size(): number {
    return this.#pages.size;
  }

  /** Viewers of each page of a site, whichever of its settings they came under. */
  viewers(site: string): ReadonlyMap<string, number> {
    const here = [...this.#pages.values()].filter((watched) => watched.site.id === site);
    return new Map(here.map(({ page, viewers }) => [page, viewers]));
  }

  /**
   * Adds a viewer to a page; the first one begins the subscription. So does the first one under a site's new settings, which may
   * name reactions otherwise: viewers from before may take a while to go.
   */
  enter(site: ReactingSite, page: string): void {
    this.#rush.came();
    const name = nameOf(site, page);
    const present = this.#pages.get(name);
    if (present?.site === site) {
      present.viewers++;
      return;
    }
    present?.push.stop();
    const viewers = (present?.viewers ?? 0) + 1;
    const send: SendCounts = (counts) => this.#parts.send(site, counts);
    const push = new PagePush(send, {
      onMerged: this.#parts.onMerged,
      rush: this.#rush,
      times: this.#times,
    });
    const hear = (totals: PageTotals): void => push.hear(countsOf(page, site.reactions, totals));
    const followed = this.#parts.feed.follow(site.id, page, hear);
    // Whoever asks for the counts hears of a failure; a viewer that left before does not.
    followed.catch(() => {});
    this.#pages.set(name, { site, page, push, viewers, followed, read_ms: Number.NEGATIVE_INFINITY });
  }

  /** Takes a viewer off a page; the last one ends the subscription. */
  leave(site: ReactingSite, page: string): void {
    const name = nameOf(site, page);
    const watched = this.#pages.get(name);
    if (watched === undefined || --watched.viewers > 0) return;
    this.#pages.delete(name);
    watched.push.stop();
    // Without Redis there is no subscription to end; the client drops it before it connects anew.
    this.#parts.feed.unfollow(site.id, page).catch(() => {});
  }

  /**
   * The counts of pages that were entered. Subscribed before read: a change in between is heard, never missed.
   * @throws LateError, or what Redis said
   */
  async counts(site: ReactingSite, pages: readonly string[]): Promise<readonly PageCounts[]> {
    return this.#fresh(site, pages) ?? (await this.#read(site, pages));
  }

  /** What is known of pages that were all read just now. */
  #fresh(site: ReactingSite, pages: readonly string[]): readonly PageCounts[] | undefined {
    const since_ms = this.#times.now_ms() - FRESH_MS;
    const known = pages.flatMap((page) => {
      const watched = this.#pages.get(nameOf(site, page));
      if (watched?.site !== site || watched.read_ms < since_ms) return [];
      return watched.push.newest ?? [];
    });
    return known.length === pages.length ? known : undefined;
  }

  async #read(site: ReactingSite, pages: readonly string[]): Promise<readonly PageCounts[]> {
    const followed = pages.map((page) => this.#pages.get(nameOf(site, page))?.followed);
    await within(COMMAND_MS_MAX, Promise.all(followed), "Redis did not take the subscription in time");
    const began_ms = this.#times.now_ms();
    const counts = await this.#parts.read(site, pages);
    for (const fresh of counts) {
      const watched = this.#pages.get(nameOf(site, fresh.page));
      // Gone, or watched under newer settings meanwhile.
      if (watched?.site !== site) continue;
      if (watched.push.newest === undefined) watched.push.begin(fresh);
      else watched.push.hear(fresh);
      watched.read_ms = began_ms;
    }
    return counts;
  }

  /**
   * Reads every watched page and tells its viewers what they missed. Run after each reconnect, when messages were surely
   * lost, and now and then, because a message may get lost in ways that nobody noticed.
   */
  async check(): Promise<void> {
    let healed = 0;
    for (const [site, pages] of this.#bySite()) {
      for (let from = 0; from < pages.length; from += READ_TOGETHER) {
        const some = pages.slice(from, from + READ_TOGETHER);
        const told = some.map(({ push }) => push.newest);
        const held = await this.#parts.read(
          site,
          some.map(({ page }) => page),
        );
        const found = await Promise.all(
          some.map(async (watched, n) => await this.#compare(watched, told[n], held[n])),
        );
        healed += found.filter(Boolean).length;
      }
    }
    this.#parts.onHealed(healed);
  }

  /**
   * Whether viewers of a page were told too little.
   * @param told what was newest before `held` was read
   */
  async #compare(
    watched: WatchedPage,
    told: PageCounts | undefined,
    held: PageCounts | undefined,
  ): Promise<boolean> {
    const { site, page, push } = watched;
    // Gone, or watched under newer settings meanwhile.
    if (held === undefined || this.#pages.get(nameOf(site, page)) !== watched) return false;
    if (told !== undefined && hasLost(held, told)) {
      await this.#parts.beginAnew(site, told);
      return true;
    }
    const before = push.newest;
    push.hear(held);
    if (before === undefined || push.newest === before) return false;
    // A message got lost, so the subscription may be gone; the next check finds out if this fails.
    this.#parts.feed.renew(site.id, page).catch(() => {});
    return true;
  }

  /** Tells every page's viewers the newest state, as far as they do not know it, and nothing more by itself. */
  stop(): void {
    for (const { push } of this.#pages.values()) {
      push.flush();
      push.stop();
    }
  }

  #bySite(): ReadonlyMap<ReactingSite, readonly WatchedPage[]> {
    const sites = new Map<ReactingSite, WatchedPage[]>();
    for (const watched of this.#pages.values()) {
      const list = sites.get(watched.site) ?? [];
      list.push(watched);
      sites.set(watched.site, list);
    }
    return sites;
  }
}

/** Whether Redis, asked after viewers were told, holds less than what they were told, or something else. */
function hasLost(held: PageCounts, told: PageCounts): boolean {
  if (told.epoch === "") return false;
  if (held.epoch === "") return true;
  return held.epoch === told.epoch && held.rev <= told.rev && !isDeepStrictEqual(held, told);
}

/** The room of a page's viewers. */
export function nameOf(site: ReactingSite, page: string): string {
  return `${site.id}\n${page}`;
}
