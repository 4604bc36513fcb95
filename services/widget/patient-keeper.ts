/**
 * Keeps a site's bars going when things do not: votes stay in the outbox until the service has them, requests that failed
 * are tried again, the socket rests while nobody sees the page.
 */
import { moveToAccount, useAccount } from "../../shared/client/account.ts";
import { Live } from "../../shared/client/live.ts";
import { readMine } from "../../shared/client/read-mine.ts";
import type { ServiceError } from "../../shared/client/service-error.ts";
import type { Outcome } from "./cast-vote.ts";
import { followCounts } from "./follow-counts.ts";
import { Outbox } from "./outbox.ts";
import type { ReaderPage } from "./reader-page.ts";
import { forgetVotes, noteVote, recentVote } from "./recent-votes.ts";
import { retryPause_ms } from "./retry-pause.ts";
import type { LinkKeeper, SiteLink } from "./site-link.ts";

/** Counts that hold a vote follow its answer within milliseconds; when none were heard by then, ask. */
const SETTLE_MS = 1_500;

/** Votes have moved to an account by then, on a service that is well. */
const MOVED_MS = 1_500;

export class PatientKeeper implements LinkKeeper {
  readonly #link: SiteLink;
  readonly #live: Live;
  readonly #outbox: Outbox;
  readonly #listeners = new AbortController();
  readonly #watched = new Map<ReaderPage, () => void>();
  #account: string | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #moved: ReturnType<typeof setTimeout> | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;

  /**
   * Takes over a link in whatever state it is.
   * @param account the token of a reader who signed in
   */
  constructor(link: SiteLink, account: string | null) {
    this.#link = link;
    this.signIn(account);
    this.#live = new Live(link.client);
    link.client.road = this.#live;
    this.#outbox = new Outbox(link.client.site);
    const { signal } = this.#listeners;
    const turn = (): void => this.#turn();
    document.addEventListener("visibilitychange", turn, { signal });
    for (const event of ["online", "offline"]) window.addEventListener(event, turn, { signal });
    if (document.hidden) this.#live.rest();
    for (const page of link.pages.values()) {
      if (page.choice.presses > 0) this.keep(page);
      if (page.choice.unsettled) this.#note(page, page.choice.held);
      this.resume(page);
      if (page.refusal !== undefined) this.retrySoon(page.refusal);
      else if (page.fault !== undefined) this.retrySoon(page.fault);
    }
    void this.loadMine([...link.pages.values()]);
    this.#settleSoon();
    void this.#sendLeftBehind();
  }

  /** Shows what this reader holds on pages. */
  async loadMine(pages: readonly ReaderPage[]): Promise<void> {
    const presses = pages.map(({ choice }) => choice.presses);
    const names = pages.map(({ page }) => page);
    // A token that is worth nothing any more holds nothing; the first vote replaces it.
    const mine = await readMine(this.#link.client, names).catch(() => undefined);
    for (const [index, page] of pages.entries()) {
      const { endpoint, site } = this.#link.client;
      const recent = recentVote(`${site} ${endpoint}`, page.page);
      const held = recent === undefined ? mine?.get(page.page) : recent;
      if (held === undefined) continue;
      page.choice.know(held, presses[index] ?? 0);
      page.draw();
    }
  }

  /** The reader votes as this account from now on; null: as nobody in particular. */
  signIn(account: string | null): void {
    if (account === this.#account) return;
    this.#account = account;
    const { client, pages } = this.#link;
    const load = (): void => void this.loadMine([...pages.values()]);
    useAccount(client, account);
    // What was voted a moment ago moves along to an account, but does not stay with whoever comes after it.
    if (account === null) forgetVotes(`${client.site} ${client.endpoint}`);
    load();
    // What cannot be moved now is moved on the next page that the reader opens.
    moveToAccount(client).then(
      (moved) => {
        if (moved) this.#moved = setTimeout(load, MOVED_MS);
      },
      () => {},
    );
  }

  /** Live counts of a page from now on. */
  watch(page: ReaderPage): void {
    if (this.#watched.has(page) || page.bars.size === 0) return;
    this.#watched.set(
      page,
      followCounts(this.#live, page.page, page.choice, () => {
        page.fault = undefined;
        page.draw();
      }),
    );
  }

  /** The last bar of a page has gone. */
  leave(page: ReaderPage): void {
    this.#watched.get(page)?.();
    this.#watched.delete(page);
  }

  /** The reader pressed: what they want now survives a reload. */
  keep({ page, choice }: ReaderPage): void {
    if (choice.pending) this.#outbox.put(page, { reaction: choice.wanted, signature: choice.signature });
  }

  /** A page has a bar: a vote that waited since before is the reader's again. */
  resume(page: ReaderPage): void {
    const waiting = this.#outbox.get(page.page);
    if (waiting === undefined || page.choice.presses > 0) return;
    page.choice.signature ??= waiting.signature;
    page.choice.want(waiting.reaction);
    page.draw();
    page.send();
  }

  /** A vote was answered, or could not be sent. */
  told(page: ReaderPage, { reaction, error }: Outcome): void {
    if (error?.retryable === true) {
      this.retrySoon(error);
      return;
    }
    if (error === undefined) {
      this.#failures = 0;
      this.#note(page, reaction);
    }
    if (!page.choice.pending) this.#outbox.drop(page.page);
    this.#settleSoon();
  }

  /** A request for counts was answered. */
  loaded(): void {
    this.#failures = 0;
  }

  /** A request failed: everything that is missing is tried again in a while. */
  retrySoon({ retryable, retryAfter_ms }: ServiceError): void {
    if (!retryable || this.#retry !== undefined || this.#link.pages.size === 0) return;
    this.#failures++;
    this.#retry = setTimeout(() => this.#tryAgain(), retryPause_ms(this.#failures, retryAfter_ms));
  }

  /** Nothing is left open; votes stay in the outbox. */
  close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#settle);
    clearTimeout(this.#moved);
    this.#listeners.abort();
  }

  #note({ page }: ReaderPage, reaction: string | null): void {
    const { endpoint, site } = this.#link.client;
    noteVote(`${site} ${endpoint}`, page, reaction);
  }

  #tryAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    for (const page of this.#link.pages.values()) page.send();
    if (this.#link.unloaded.size > 0) void this.#link.load();
  }

  /** The tab was hidden or shown, the connection went or came. */
  #turn(): void {
    const { pages, unloaded } = this.#link;
    if (document.hidden || !navigator.onLine) {
      this.#live.rest();
      return;
    }
    this.#live.wake();
    // Bars that were never on screen do not listen.
    for (const page of pages.values()) unloaded.add(page);
    this.#tryAgain();
  }

  #settleSoon(): void {
    clearTimeout(this.#settle);
    const unsettled = [...this.#link.pages.values()].filter(({ choice }) => choice.unsettled);
    if (unsettled.length === 0) return;
    this.#settle = setTimeout(() => {
      for (const page of unsettled) void this.#settleNow(page);
    }, SETTLE_MS);
  }

  async #settleNow(page: ReaderPage): Promise<void> {
    const { choice } = page;
    if (!choice.unsettled) return;
    try {
      for (const counts of await this.#link.client.counts([page.page])) choice.take(counts);
    } catch {
      return;
    }
    choice.settle();
    page.draw();
  }

  /** Votes on pages that the reader left while they waited: one try each for every page that they open. */
  async #sendLeftBehind(): Promise<void> {
    for (const page of this.#outbox.pages) {
      const waiting = this.#outbox.get(page);
      if (waiting === undefined || this.#link.pages.has(page)) continue;
      const done = await this.#link.client.vote(page, waiting.reaction, waiting.signature).then(
        () => true,
        (error: ServiceError) => !error.retryable,
      );
      if (done && this.#outbox.get(page)?.reaction === waiting.reaction) this.#outbox.drop(page);
    }
  }
}
