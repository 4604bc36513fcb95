/** While a Cluster moves a slot, scripts on its keys fail before they have done anything (moving.lua). */
import { setTimeout as pause } from "node:timers/promises";

/** What Redis says then. */
const NOT_HERE = "non local key";

/** Until the script is tried again, ms. */
const PAUSE_MS = 200;

/** A slot of many large keys takes some seconds. */
const MOVED_WITHIN_MS = 60_000;

/** Whether a script failed because its slot is on the move: it did nothing. */
export function isMoving(error: unknown): boolean {
  return error instanceof Error && error.message.includes(NOT_HERE);
}

/**
 * Runs a script, and again while its slot is on the move. For what must not be left undone, and that nobody else tries again.
 * @throws what Redis said; that the slot is on the move, if it still is after a minute
 */
export async function onceMoved<Reply>(run: () => Promise<Reply>): Promise<Reply> {
  const end_ms = performance.now() + MOVED_WITHIN_MS;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isMoving(error) || performance.now() > end_ms) throw error;
      await pause(PAUSE_MS);
    }
  }
}
