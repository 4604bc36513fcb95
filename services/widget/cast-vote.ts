// Step 1 of 7, the way of a vote; next: services/api/accept-vote.ts, which takes it in.
/** Casts a reader's vote: over the open socket, or over HTTP when there is none. */
import type { HttpReactions } from "../../shared/client/http-reactions.ts";
import { type ServiceError, toServiceError } from "../../shared/client/service-error.ts";
import type { Choice } from "./choice.ts";

/** What became of a vote. */
export interface Outcome {
  readonly reaction: string | null;
  /** What the service held before. */
  readonly before: string | null;
  /** Why the service does not hold it; undefined when it does. */
  readonly error?: ServiceError;
}

/**
 * Sends what the reader wants until the service holds it, one vote at a time: of many presses in a row only the last is
 * worth sending. The button showed the press before this was called. Ends early when the service cannot take votes: call it
 * again later. A refused vote goes back to what the service holds.
 * @param told hears what became of each vote
 */
export async function castVote(
  client: Pick<HttpReactions, "vote">,
  page: string,
  choice: Choice,
  told: (outcome: Outcome) => void,
): Promise<void> {
  while (choice.unsent) {
    const before = choice.held;
    const reaction = choice.send();
    try {
      await client.vote(page, reaction, choice.signature);
      choice.confirm();
      told({ reaction, before });
    } catch (thrown) {
      const error = toServiceError(thrown);
      if (error.retryable) choice.postpone();
      else choice.refuse();
      told({ reaction, before, error });
      // What is shown was refused as well: there is nothing left to send.
      if (error.retryable || reaction === choice.wanted) return;
    }
  }
}
