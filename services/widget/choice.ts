/**
 * What a reader holds on a page and which numbers to show for it. A pure core: it is told what was pressed, sent, answered
 * and heard, and says what to draw. The number moves with the press, long before the counts that hold the vote arrive; so
 * it must know whether the counts at hand hold the vote already.
 */
import { isNewer, type PageCounts, type PageState } from "../../shared/contract/counts.ts";

export class Choice {
  #counts: PageCounts | undefined;
  #wanted: string | null = null;
  #held: string | null = null;
  #counted: string | null = null;
  #sending: string | null | undefined;
  /** Whether a vote was sent of which nobody knows whether it arrived. */
  #unsure = false;
  #presses = 0;

  /** The publisher's signature of the page; goes with every vote. */
  signature: string | undefined;

  /** The newest counts; undefined before any arrived. */
  get counts(): PageCounts | undefined {
    return this.#counts;
  }

  /** What the reader sees pressed. */
  get wanted(): string | null {
    return this.#wanted;
  }

  /** What the service is known to hold. */
  get held(): string | null {
    return this.#held;
  }

  /** How often the reader pressed. */
  get presses(): number {
    return this.#presses;
  }

  /** Whether a vote is to be sent, and none is on its way. */
  get unsent(): boolean {
    return this.#sending === undefined && this.pending;
  }

  /** Whether the service may hold something else than what is wanted. */
  get pending(): boolean {
    return this.#wanted !== this.#held || this.#sending !== undefined || this.#unsure;
  }

  /** Whether the service holds a vote that the counts at hand may not hold yet. */
  get unsettled(): boolean {
    return this.#held !== this.#counted;
  }

  /** The state of the page, as far as it is known. */
  get state(): PageState {
    return this.#counts?.state ?? "open";
  }

  /** The number to show, never below zero; undefined before counts arrived, and while the page hides them. */
  shown(reaction: string): number | undefined {
    const counts = this.#counts?.counts;
    if (counts === undefined || this.state === "hidden") return undefined;
    return Math.max(0, (counts[reaction] ?? 0) + this.#ahead(reaction));
  }

  /** The reader pressed: the same again withdraws, another switches. */
  press(reaction: string): void {
    this.want(this.#wanted === reaction ? null : reaction);
  }

  /** The reader wants this, now or since before a reload. */
  want(reaction: string | null): void {
    this.#presses++;
    this.#wanted = reaction;
  }

  /**
   * The service said what this voter holds.
   * @param presses as they were when it was asked: after another press the answer is out of date, as it is for a vote that
   *   waits or is on its way
   */
  know(held: string | null, presses: number): void {
    if (presses !== this.#presses || this.pending) return;
    this.#wanted = this.#held = this.#counted = held;
  }

  /** What is wanted goes on its way. */
  send(): string | null {
    this.#sending = this.#wanted;
    return this.#wanted;
  }

  /** The service has the vote that was on its way. */
  confirm(): void {
    this.#held = this.#sending ?? null;
    this.#sending = undefined;
    this.#unsure = false;
  }

  /** The vote did not arrive; it is still wanted. */
  postpone(): void {
    this.#sending = undefined;
    this.#unsure = true;
  }

  /**
   * The service refused the vote: back to what it holds, unless the reader pressed again meanwhile. What is unsure stays so: an
   * earlier vote may have arrived all the same.
   */
  refuse(): void {
    if (this.#wanted === this.#sending) this.#wanted = this.#held;
    this.#counted = this.#held;
    this.#sending = undefined;
  }

  /** Takes counts when they are newer than those at hand; returns whether they were. */
  take(next: PageCounts): boolean {
    const before = this.#counts;
    if (!isNewer(next, before)) return false;
    // Counts that come after the answer hold the vote, or the very next ones do. Before the answer, only counts that moved
    // the way the vote moves them may hold it.
    if (this.unsettled) this.#counted = this.#held;
    else if (before && this.#sending !== undefined && this.#moved(before, next, this.#sending))
      this.#counted = this.#sending;
    this.#counts = next;
    return true;
  }

  /** The counts at hand were read well after the service had the vote: they hold it. */
  settle(): void {
    this.#counted = this.#held;
  }

  /** What the reader's own vote adds to a number until the counts hold it. */
  #ahead(reaction: string): number {
    return Number(this.#wanted === reaction) - Number(this.#counted === reaction);
  }

  #moved(before: PageCounts, next: PageCounts, sent: string | null): boolean {
    const name = sent ?? this.#counted ?? "";
    const difference = (next.counts[name] ?? 0) - (before.counts[name] ?? 0);
    return sent === null ? difference < 0 : difference > 0;
  }
}
