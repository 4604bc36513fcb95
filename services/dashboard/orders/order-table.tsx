/** Orders, newest first, each with what it did and, where it can be undone, the button for that. */
import { useState } from "preact/hooks";
import type { Order } from "../../../shared/contract/order-answers.ts";
import type { ViewProps } from "../frame-props.ts";
import { now } from "../live.ts";
import { Modal } from "../modal.tsx";
import { EmptyNote } from "../notes.tsx";
import { dayAndMinute, full } from "../times.ts";
import { counted, tag, words } from "../words.ts";
import { undo } from "./carry-out.ts";
import { orderName } from "./order-name.ts";
import { useDeed } from "./use-deed.ts";

export interface OrderTableProps extends ViewProps {
  readonly orders: readonly Order[];
  readonly onGiven: () => void;
}

export function OrderTable({ session, orders, onGiven }: OrderTableProps) {
  const { order: say, page, audit, counts } = words();
  const [asked, setAsked] = useState<Order | undefined>(undefined);
  const undone = new Set(orders.map(({ of }) => of));
  if (orders.length === 0) return <EmptyNote text={page.noOrders} />;
  return (
    <>
      <ul class="lines">
        {orders.map((order) => (
          <li key={order.id}>
            <time title={full(tag(), order.at)}>{dayAndMinute(tag(), order.at)}</time>
            <b>{orderName(order)}</b>
            <span class="quiet">
              {[
                order.dryRun === true ? audit.dryRun : say.states[order.state],
                order.result === undefined ? undefined : counted(counts.votes, order.result.votes),
                order.source,
                order.by,
              ]
                .filter((part) => part !== undefined)
                .join(" · ")}
            </span>
            <span class="reason" dir="auto">
              {order.reason}
            </span>
            {(order.undoUntil ?? 0) > now() && !undone.has(order.id) ? (
              <button type="button" class="small-button" onClick={() => setAsked(order)}>
                {say.undo}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {asked === undefined ? null : (
        <UndoDialog session={session} order={asked} onClose={() => setAsked(undefined)} onGiven={onGiven} />
      )}
    </>
  );
}

interface UndoDialogProps extends ViewProps {
  readonly order: Order;
  readonly onClose: () => void;
  readonly onGiven: () => void;
}

function UndoDialog({ session, order, onClose, onGiven }: UndoDialogProps) {
  const { order: say, counts } = words();
  const { busy, refusal, run } = useDeed();
  return (
    <Modal title={`${say.undo}: ${orderName(order)}`} onClose={onClose}>
      <p>{say.explain.undo}</p>
      <p>
        <b>{counted(counts.votes, order.result?.votes ?? 0)}</b>
      </p>
      {refusal === undefined ? null : (
        <p class="wrong" role="alert">
          {refusal}
        </p>
      )}
      <div class="buttons">
        <button type="button" onClick={onClose}>
          {say.cancel}
        </button>
        <button
          type="button"
          class="main-button"
          disabled={busy}
          onClick={() =>
            run(async () => {
              await undo(session, order.id);
              onGiven();
              onClose();
            })
          }
        >
          {busy ? say.taking : say.confirm}
        </button>
      </div>
    </Modal>
  );
}
