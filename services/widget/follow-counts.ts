// Step 7 of 7, the way of a vote: the end. It began in services/widget/cast-vote.ts; counts come from services/realtime/push-counts.ts.
/** Follows the counts of pages over a socket: keeps only what is newer, and has it drawn. */
import type { Socket } from "socket.io-client";
import { isNewer, type PageCounts, parsePageCounts } from "../../shared/contract/counts.ts";
import type { Ack, ClientEvents, ServerEvents } from "../../shared/contract/events.ts";

/** A socket as the browser has it. */
export type ReaderSocket = Socket<ServerEvents, ClientEvents>;

/** Draws the counts of a page. */
export type DrawCounts = (counts: PageCounts) => void;

/**
 * Watches `pages` for as long as the socket lives, again after every reconnect.
 * @param draw called only with counts newer than what it drew before
 */
export function followCounts(socket: ReaderSocket, pages: readonly string[], draw: DrawCounts): void {
  const shown = new Map<string, PageCounts>();
  const take = (message: unknown): void => {
    const counts = parsePageCounts(message);
    if (counts === undefined || !pages.includes(counts.page) || !isNewer(counts, shown.get(counts.page)))
      return;
    shown.set(counts.page, counts);
    draw(counts);
  };
  const watch = (): void => {
    socket.emit("watch", { pages }, (ack: Ack<{ readonly pages: readonly PageCounts[] }>) => {
      if (ack.ok) ack.pages.forEach(take);
      // Redis is away: ask again soon, but not all viewers in the same moment.
      else if (ack.problem.retryable) setTimeout(watch, 500 + Math.random() * 1_000);
    });
  };
  socket.on("counts", take);
  socket.on("connect", watch);
  if (socket.connected) watch();
}
