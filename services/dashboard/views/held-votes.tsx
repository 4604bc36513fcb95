/** How many votes of a page are held, and what a moderator can do about them. */
import { useState } from "preact/hooks";
import type { ViewProps } from "../frame-props.ts";
import { ConfirmDialog } from "../orders/confirm-dialog.tsx";
import { counted, sentence, words } from "../words.ts";

export interface HeldVotesProps extends ViewProps {
  readonly page: string;
  /** How many there are; above 0. */
  readonly held: number;
  readonly onGiven: () => void;
}

const OFFERED = ["release", "discard"] as const;

export function HeldVotes({ session, page, held, onGiven }: HeldVotesProps) {
  const { page: say, counts, order: orders } = words();
  const [asked, setAsked] = useState<(typeof OFFERED)[number] | undefined>(undefined);
  return (
    <div class="held">
      <p>{sentence(say.held, { votes: counted(counts.votes, held) })}</p>
      <div class="buttons">
        {OFFERED.map((order) => (
          <button key={order} type="button" class="small-button" onClick={() => setAsked(order)}>
            {orders.names[order]}
          </button>
        ))}
      </div>
      {asked === undefined ? null : (
        <ConfirmDialog
          session={session}
          request={{ order: asked, page }}
          onClose={() => setAsked(undefined)}
          onGiven={onGiven}
        />
      )}
    </div>
  );
}
