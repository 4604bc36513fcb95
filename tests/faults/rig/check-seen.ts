/** Whether what viewers were told of a page only ever grew newer, on one connection and from one to the next. */
import type { PageCounts } from "../../../shared/contract/counts.ts";
import type { Finding } from "./finding.ts";
import type { CountsSeen } from "./history.ts";
import { viewerOf } from "./viewer-of.ts";

/** A watch is answered by a read that began after it was asked, or so long before at most (P61), whichever process is asked. */
const ANSWER_LATE_MS = 100;

/**
 * News come over a connection of their own, which may be behind that of the reads: over a slow network by less than half a second.
 * So a viewer who comes back may be sent what is older than an answer from before, but not for long.
 */
const NEWS_LATE_MS = 1_000;

/**
 * What one connection was sent of a page only ever grew newer, was never older than what its watch was answered with, and
 * was never ahead of what there is. Nor was anything older than what the viewer had been told on a connection before.
 * @param seen in the order in which it came
 */
export function checkSeen(seen: readonly CountsSeen[], pages: readonly PageCounts[]): readonly Finding[] {
  const finals = new Map(pages.map((counts) => [counts.page, counts]));
  // By connection, page and epoch: an epoch that comes back must not go back.
  const pushed = new Map<string, number>();
  const answered = new Map<string, number>();
  const told = new ToldViewers();
  return seen.flatMap((one): Finding[] => {
    const { connection, counts, asked_ms } = one;
    const { page, epoch, rev } = counts;
    const isNews = asked_ms === undefined;
    const name = `${connection}\n${page}\n${epoch}`;
    const where = `${page}: ${connection} was ${isNews ? "sent" : "answered"} revision ${rev}`;
    const [push, answer, known] = [pushed.get(name) ?? -1, answered.get(name) ?? -1, told.knownTo(one)];
    const newest = isNews ? pushed : answered;
    newest.set(name, Math.max(newest.get(name) ?? -1, rev));
    told.note(one);
    if (isNews && (rev <= push || rev < answer))
      return [{ kind: "stale", detail: `${where} after ${Math.max(push, answer)}` }];
    if (rev < known) return [{ kind: "stale", detail: `${where} after ${known} on a connection before` }];
    const end = finals.get(page);
    if (end?.epoch === epoch && end.rev < rev)
      return [{ kind: "lost", detail: `${where}, but the page ended at ${end.rev}` }];
    return [];
  });
}

/** What viewers were told so far, on all of their connections. */
class ToldViewers {
  /** By viewer, page and epoch: the newest revision, each time that they were told one. */
  readonly #told = new Map<string, { readonly seen_ms: number; readonly rev: number }[]>();

  note(one: CountsSeen): void {
    const name = nameOf(one);
    const told = this.#told.get(name) ?? [];
    this.#told.set(name, told);
    told.push({ seen_ms: one.seen_ms, rev: Math.max(told.at(-1)?.rev ?? -1, one.counts.rev) });
  }

  /** The revision that what the viewer is told now must not be older than; -1: none. */
  knownTo(one: CountsSeen): number {
    const { seen_ms, asked_ms } = one;
    const until_ms = asked_ms === undefined ? seen_ms - NEWS_LATE_MS : asked_ms - ANSWER_LATE_MS;
    return this.#told.get(nameOf(one))?.findLast((told) => told.seen_ms < until_ms)?.rev ?? -1;
  }
}

function nameOf(one: CountsSeen): string {
  return `${viewerOf(one)}\n${one.counts.page}\n${one.counts.epoch}`;
}
