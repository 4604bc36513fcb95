// Step 7 of 7, the way of a vote: the end. It began in services/widget/cast-vote.ts; counts come from services/realtime/push-counts.ts.
/** Follows the counts of a page: keeps only what is newer, and has it drawn. */
import type { Live } from "../../shared/client/live.ts";
import type { Choice } from "./choice.ts";

/**
 * @param draw called whenever `choice` has newer counts
 * @returns ends it
 */
export function followCounts(
  live: Pick<Live, "watch">,
  page: string,
  choice: Choice,
  draw: () => void,
): () => void {
  return live.watch([page], (counts) => {
    if (choice.take(counts)) draw();
  });
}
