import { setTimeout as pause } from "node:timers/promises";
import type { FaultScene } from "./round.ts";

/** Long past the 15 s that are allowed, so that the table can say how long it took. */
const WAIT_MS_MAX = 60_000;

/** What is measured, in seconds. */
export const EVERY_PAGE_AFTER = "every page takes votes again after";

/** Waits until every page has taken a vote that was asked for after `since_ms` (Unix ms), and measures how long that took. */
export async function everyPageVotes(
  { history, pages, measured }: FaultScene,
  since_ms: number,
): Promise<void> {
  const end_ms = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const after = history.votes.filter(({ began_ms, at }) => began_ms >= since_ms && at !== undefined);
    const took = pages.map((page) => after.find((vote) => vote.page === page)?.ended_ms);
    const last = took.reduce<number | undefined>(
      (most, ms) => (most === undefined || ms === undefined ? undefined : Math.max(most, ms)),
      since_ms,
    );
    if (last !== undefined) {
      measured(EVERY_PAGE_AFTER, (last - since_ms) / 1_000, "s");
      return;
    }
    if (performance.now() > end_ms) throw new Error("a page takes no votes any more");
    await pause(50);
  }
}
