/** Takes votes out of a page: first counts what would go, then asks, then does it. */
import { useState } from "preact/hooks";
import type { OrderResult } from "../../../shared/contract/order-answers.ts";
import { type OrderRequest, REASON_LENGTH_MAX } from "../../../shared/contract/orders.ts";
import type { ViewProps } from "../frame-props.ts";
import { Modal } from "../modal.tsx";
import { Totals } from "../views/totals.tsx";
import { counted, sentence, words } from "../words.ts";
import { carryOut } from "./carry-out.ts";
import { PurgeFields } from "./purge-fields.tsx";
import { type PurgeFilters, requestOf } from "./purge-request.ts";
import { useDeed } from "./use-deed.ts";

export interface PurgeDialogProps extends ViewProps, PurgeFilters {
  readonly page: string;
  /** What can be chosen from. */
  readonly reactions?: readonly string[];
  readonly onClose: () => void;
  /** Told when votes were taken out. */
  readonly onGiven: () => void;
}

export function PurgeDialog({
  session,
  page,
  reactions = [],
  onClose,
  onGiven,
  ...filters
}: PurgeDialogProps) {
  const { order: say, counts } = words();
  const [found, setFound] = useState<{ request: OrderRequest; result: OrderResult } | undefined>(undefined);
  const [taken, setTaken] = useState<number | undefined>(undefined);
  const [reason, setReason] = useState("");
  const { busy, refusal, run } = useDeed();

  function count(event: SubmitEvent): void {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const request = requestOf(page, new FormData(event.currentTarget), filters);
    run(async () => {
      const { result } = await carryOut(session, { ...request, dryRun: true });
      if (result !== undefined) setFound({ request, result });
    });
  }

  function take(request: OrderRequest): void {
    run(async () => {
      const why = reason.trim();
      const { result } = await carryOut(session, why === "" ? request : { ...request, reason: why });
      setTaken(result?.votes ?? 0);
      onGiven();
    });
  }

  if (taken !== undefined) {
    return (
      <Modal title={say.purgeTitle} onClose={onClose}>
        <p role="status">{sentence(say.took, { votes: counted(counts.votes, taken) })}</p>
        <div class="buttons">
          <button type="button" class="main-button" onClick={onClose}>
            {say.close}
          </button>
        </div>
      </Modal>
    );
  }
  return (
    <Modal title={say.purgeTitle} onClose={onClose}>
      {/* What was counted is what is taken: a changed filter is counted anew. */}
      <form onSubmit={count}>
        <p class="quiet">{say.purgeHow}</p>
        <PurgeFields filters={filters} reactions={reactions} onChange={() => setFound(undefined)} />
        <label>
          {say.reason}
          <input
            value={reason}
            maxLength={REASON_LENGTH_MAX}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        {found === undefined ? null : (
          <div class="found" role="status">
            <p>
              <b>
                {found.result.votes === 0
                  ? say.foundNone
                  : sentence(say.found, { votes: counted(counts.votes, found.result.votes) })}
              </b>
            </p>
            {found.result.votes === 0 ? null : <Totals counts={found.result.counts} />}
          </div>
        )}
        {refusal === undefined ? null : (
          <p class="wrong" role="alert">
            {refusal}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            {say.cancel}
          </button>
          {found === undefined || found.result.votes === 0 ? (
            <button type="submit" class="main-button" disabled={busy}>
              {busy ? say.counting : say.count}
            </button>
          ) : (
            <button type="button" class="danger" disabled={busy} onClick={() => take(found.request)}>
              {busy ? say.taking : sentence(say.take, { votes: counted(counts.votes, found.result.votes) })}
            </button>
          )}
        </div>
      </form>
    </Modal>
  );
}
