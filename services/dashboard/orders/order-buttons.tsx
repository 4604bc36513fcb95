/** What can be ordered for a page, as its state is. */
import { useState } from "preact/hooks";
import type { PageCounts } from "../../../shared/contract/counts.ts";
import type { ViewProps } from "../frame-props.ts";
import { words } from "../words.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { PurgeDialog } from "./purge-dialog.tsx";

type Simple = "freeze" | "reopen" | "hide" | "show";

const OFFERED: Readonly<Record<PageCounts["state"], readonly Simple[]>> = {
  open: ["freeze", "hide"],
  frozen: ["reopen", "hide"],
  hidden: ["show"],
};

export interface OrderButtonsProps extends ViewProps {
  readonly counts: PageCounts;
  /** Told when an order was carried out. */
  readonly onGiven: () => void;
}

export function OrderButtons({ session, counts, onGiven }: OrderButtonsProps) {
  const say = words().order;
  const [asked, setAsked] = useState<Simple | "purge" | undefined>(undefined);
  const close = (): void => setAsked(undefined);
  return (
    <div class="buttons">
      {OFFERED[counts.state].map((order) => (
        <button key={order} type="button" onClick={() => setAsked(order)}>
          {say.names[order]}
        </button>
      ))}
      <button type="button" class="danger" onClick={() => setAsked("purge")}>
        {say.purge}
      </button>
      {asked === "purge" ? (
        <PurgeDialog
          session={session}
          page={counts.page}
          reactions={Object.keys(counts.counts)}
          onClose={close}
          onGiven={onGiven}
        />
      ) : asked === undefined ? null : (
        <ConfirmDialog
          session={session}
          request={{ order: asked, page: counts.page }}
          onClose={close}
          onGiven={onGiven}
        />
      )}
    </div>
  );
}
