/** What an order did so far, and where it stands: kept as the job's progress, so that a crash loses nothing of it. */
import { isObject } from "../../shared/contract/object.ts";
import { MAX_REACTIONS } from "../../shared/contract/reactions.ts";
import type { StoredResult } from "../../shared/moderation/order-job.ts";
import type { WalkPlace } from "../../shared/tallies/take-votes.ts";

/** Pages that a result names at most. */
const LISTED_MAX = 100;

/** Writes the progress to the job. */
export type SaveProgress = (progress: object) => Promise<void>;

interface TouchedPage {
  readonly page: string;
  readonly counts: readonly number[];
}

export class OrderTally {
  readonly #save: SaveProgress;
  readonly #counts: number[];
  readonly #list: TouchedPage[];
  readonly #listed_max: number;
  #pages: number;
  #pagesWalked: number;
  #share: number;
  /** The page after which a walk over the site goes on. */
  lastPage: string | undefined;
  /** Where a walk over the records of one page stands. */
  place: WalkPlace | undefined;

  /**
   * @param progress what an earlier try saved, unchecked
   * @param listed_max pages that may be named
   */
  constructor(progress: unknown, save: SaveProgress, listed_max = LISTED_MAX) {
    const saved = isObject(progress) ? progress : {};
    this.#save = save;
    this.#listed_max = listed_max;
    this.#counts = Array.isArray(saved.counts) ? saved.counts.map(Number) : zeros();
    this.#list = Array.isArray(saved.list) ? saved.list.filter(isTouched) : [];
    this.#pages = Number(saved.pages ?? 0);
    this.#pagesWalked = Number(saved.pagesWalked ?? 0);
    this.#share = Number(saved.share ?? 0);
    this.lastPage = typeof saved.lastPage === "string" ? saved.lastPage : undefined;
    const { place } = saved;
    this.place = isObject(place) ? { first: Number(place.first), next: Number(place.next) } : undefined;
  }

  /** Adds what the order did on a page. */
  add(page: string, counts: readonly number[]): void {
    if (counts.every((count) => count === 0)) return;
    this.#pages++;
    for (const [index, count] of counts.entries()) this.#counts[index] = (this.#counts[index] ?? 0) + count;
    if (this.#list.length < this.#listed_max) this.#list.push({ page, counts });
  }

  /** A walk over the site has done the pages up to `last`. */
  walked(last: string, pages: number, known: number): void {
    this.lastPage = last;
    this.#pagesWalked += pages;
    this.#share = Math.min(1, this.#pagesWalked / Math.max(1, known));
  }

  /** A walk over a page's records has come to `place`, `share` of the way. */
  reached(place: WalkPlace, share: number): void {
    this.place = place;
    this.#share = share;
  }

  async save(): Promise<void> {
    await this.#save({
      share: this.#share,
      counts: this.#counts,
      list: this.#list,
      pages: this.#pages,
      pagesWalked: this.#pagesWalked,
      lastPage: this.lastPage,
      place: this.place,
    });
  }

  result(): StoredResult {
    const votes = this.#counts.reduce((sum, count) => sum + count, 0);
    return { votes, counts: this.#counts, pages: this.#pages, list: this.#list };
  }
}

function zeros(): number[] {
  return Array.from({ length: MAX_REACTIONS }, () => 0);
}

function isTouched(value: unknown): value is TouchedPage {
  return isObject(value) && typeof value.page === "string" && Array.isArray(value.counts);
}
