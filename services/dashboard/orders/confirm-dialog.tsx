/** Asks once before an order that takes nothing away for good. */
import { useState } from "preact/hooks";
import { type OrderRequest, REASON_LENGTH_MAX } from "../../../shared/contract/orders.ts";
import type { ViewProps } from "../frame-props.ts";
import { Modal } from "../modal.tsx";
import { words } from "../words.ts";
import { carryOut } from "./carry-out.ts";
import { useDeed } from "./use-deed.ts";

export interface ConfirmDialogProps extends ViewProps {
  readonly request: OrderRequest;
  readonly onClose: () => void;
  readonly onGiven: () => void;
}

export function ConfirmDialog({ session, request, onClose, onGiven }: ConfirmDialogProps) {
  const say = words().order;
  const [reason, setReason] = useState("");
  const { busy, refusal, run } = useDeed();
  return (
    <Modal title={say.names[request.order] ?? request.order} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(async () => {
            await carryOut(session, {
              ...request,
              ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
            });
            onGiven();
            onClose();
          });
        }}
      >
        <p>{say.explain[request.order]}</p>
        <label>
          {say.reason}
          <input
            value={reason}
            maxLength={REASON_LENGTH_MAX}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        {refusal === undefined ? null : (
          <p class="wrong" role="alert">
            {refusal}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            {say.cancel}
          </button>
          <button type="submit" class="main-button" disabled={busy}>
            {busy ? say.taking : say.confirm}
          </button>
        </div>
      </form>
    </Modal>
  );
}
