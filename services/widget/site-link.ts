/** What all bars of one site on this page share: one client, and one request for the counts of all. */
import { HttpReactions } from "../../shared/client/http-reactions.ts";
import { type ServiceError, toServiceError } from "../../shared/client/service-error.ts";
import { type PageBar, ReaderPage, type VoteKeeper } from "./reader-page.ts";

const links = new Map<string, SiteLink>();

/**
 * The link of a site, made for its first bar.
 * @throws ServiceError `site_unknown`
 */
export function linkTo(endpoint: string, site: string): SiteLink {
  const name = `${site} ${endpoint}`;
  const link = links.get(name) ?? new SiteLink(endpoint, site, () => links.delete(name));
  links.set(name, link);
  return link;
}

/** What keeps a link going; comes with the part that loads later. */
export interface LinkKeeper extends VoteKeeper {
  /** Live counts of a page from now on. */
  watch(page: ReaderPage): void;
  /** Shows what this reader holds on pages. */
  loadMine(pages: readonly ReaderPage[]): Promise<void>;
  /** The reader votes as this account from now on; null: as nobody in particular. */
  signIn(account: string | null): void;
  /** A page has a bar: a vote that waited since before is the reader's again. */
  resume(page: ReaderPage): void;
  /** The last bar of a page has gone. */
  leave(page: ReaderPage): void;
  /** A request for counts was answered. */
  loaded(): void;
  /** A request failed: everything that is missing is tried again in a while. */
  retrySoon(error: ServiceError): void;
  /** Nothing is left open. */
  close(): void;
}

export class SiteLink {
  readonly client: HttpReactions;
  readonly pages = new Map<string, ReaderPage>();
  keeper: LinkKeeper | undefined;
  /** Pages whose counts are to be asked for. */
  readonly unloaded = new Set<ReaderPage>();
  readonly #onClose: () => void;
  #settling = false;

  constructor(endpoint: string, site: string, onClose: () => void) {
    this.client = new HttpReactions({ endpoint, site });
    this.#onClose = onClose;
  }

  /** Adds a bar to a page. */
  join(name: string, bar: PageBar): ReaderPage {
    let page = this.pages.get(name);
    if (page === undefined) {
      page = new ReaderPage(name, this);
      this.pages.set(name, page);
      this.unloaded.add(page);
      this.keeper?.resume(page);
    }
    page.bars.add(bar);
    this.#settleSoon();
    return page;
  }

  /** Takes a bar off its page; after the last bar of all pages nothing is left open. */
  leave(page: ReaderPage, bar: PageBar): void {
    page.bars.delete(bar);
    this.#settleSoon();
  }

  /** Asks for the counts of pages: of all that have none. */
  async load(pages: readonly ReaderPage[] = [...this.unloaded]): Promise<void> {
    const names = pages.map(({ page }) => page);
    this.unloaded.clear();
    void this.keeper?.loadMine(pages);
    try {
      for (const [index, counts] of (await this.client.counts(names)).entries()) pages[index]?.take(counts);
      this.keeper?.loaded();
    } catch (thrown) {
      const error = toServiceError(thrown);
      // One page that cannot be had must not take the others with it.
      if (!error.retryable && pages.length > 1) for (const page of pages) void this.load([page]);
      else this.#fail(pages, error);
    }
  }

  #fail(pages: readonly ReaderPage[], error: ServiceError): void {
    for (const page of pages) {
      if (error.retryable && this.pages.has(page.page)) this.unloaded.add(page);
      page.fail(error);
    }
    this.keeper?.retrySoon(error);
  }

  /** After all that happens in this task: bars come together, and one that moves in the document goes and comes. */
  #settleSoon(): void {
    if (this.#settling) return;
    this.#settling = true;
    queueMicrotask(() => {
      this.#settling = false;
      for (const [name, page] of this.pages) {
        if (page.bars.size > 0) continue;
        this.pages.delete(name);
        this.unloaded.delete(page);
        this.keeper?.leave(page);
      }
      if (this.pages.size === 0) {
        this.keeper?.close();
        this.#onClose();
      } else if (this.unloaded.size > 0) void this.load();
    });
  }
}
