/** What everyone may know about a page: its totals, and how new they are. */
import { isObject } from "./object.ts";
import { isReactionName } from "./reactions.ts";

/** Open pages take votes; frozen ones show their counts; hidden ones show none. */
export type PageState = "open" | "frozen" | "hidden";

/**
 * The totals of a page at one moment. A snapshot, never a difference: any message may be lost, doubled or late, and the
 * next one heals it.
 */
export interface PageCounts {
  readonly page: string;
  /** Votes by reaction, integers ≥ 0, one entry for every reaction of the site. */
  readonly counts: Readonly<Record<string, number>>;
  /** Sum of `counts`. */
  readonly total: number;
  /** Drawn at random when Redis first hears of the page, and anew when it lost changes; empty for a page without votes. */
  readonly epoch: string;
  /** Raised by one whenever the counts change; 0 for a page without votes. Comparable within one epoch only. */
  readonly rev: number;
  readonly state: PageState;
}

/**
 * Whether `next` should replace `shown`. Within an epoch the higher revision is newer. A different epoch means that the
 * page's history began anew (a backup was put back, or a replica took over that lacked changes), so its counts replace
 * whatever was shown. A page without an epoch has no history: that is what a read says that was under way when the first
 * vote came, so it replaces nothing.
 */
export function isNewer(next: PageCounts, shown: PageCounts | undefined): boolean {
  if (shown === undefined) return true;
  return next.epoch === shown.epoch ? next.rev > shown.rev : next.epoch !== "";
}

/** Counts from outside, checked; undefined when they are not well formed. */
export function parsePageCounts(value: unknown): PageCounts | undefined {
  if (!isObject(value)) return undefined;
  const { page, counts, total, epoch, rev, state } = value;
  if (typeof page !== "string" || typeof epoch !== "string") return undefined;
  if (!isCount(total) || !isCount(rev) || !isPageState(state) || !isObject(counts)) return undefined;
  const checked: Record<string, number> = {};
  for (const [reaction, count] of Object.entries(counts)) {
    if (!isReactionName(reaction) || !isCount(count)) return undefined;
    checked[reaction] = count;
  }
  return { page, counts: checked, total, epoch, rev, state };
}

/** Whether `value` is one of the three states of a page. */
export function isPageState(value: unknown): value is PageState {
  return value === "open" || value === "frozen" || value === "hidden";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
