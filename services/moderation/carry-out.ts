/** Gives an order and sees it through: shows what it would take, asks, waits, says what it did. */
import type { Order, OrderRequest, OrderResult } from "../../shared/client/client.ts";
import { confirm } from "./confirm.ts";
import { printable } from "./printing/printable.ts";
import { openProgress } from "./printing/progress.ts";
import { showVotes } from "./printing/votes.ts";
import type { Session } from "./session.ts";
import { showTime } from "./times.ts";

/** What every command that orders takes. */
export interface OrderOptions {
  readonly reason?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** Orders that take votes away; what they would take is shown before they do. */
const TAKING: ReadonlySet<string> = new Set(["reset", "purge", "ban", "discard"]);

/** An order was stored but could not be carried out. */
export class OrderFailed extends Error {
  override readonly name = "OrderFailed";
}

/**
 * @throws UsageError when it takes votes and nobody says yes; OrderFailed; ServiceError
 */
export async function carryOut(
  session: Session,
  request: OrderRequest,
  { reason, dryRun, yes }: OrderOptions,
): Promise<void> {
  const { moderation } = session;
  if (dryRun) {
    await tell(session, await done(session, (await moderation.order({ ...request, dryRun: true })).id));
    return;
  }
  if (TAKING.has(request.order) && !yes) {
    // Where nobody can be asked this refuses before anything is sent.
    if (!session.out.canAsk) await confirm(session, "", false);
    const { result } = await done(session, (await moderation.order({ ...request, dryRun: true })).id);
    await confirm(session, `This ${request.order} takes ${describe(result)}.`, false);
  }
  const { id } = await moderation.order(reason === undefined ? request : { ...request, reason });
  await tell(session, await done(session, id));
}

/** Waits for an order, with a bar for whoever watches. */
export async function done({ moderation, out, ending }: Session, id: string): Promise<Order> {
  const progress = openProgress(out, "carrying it out", 1);
  try {
    const order = await moderation.waitFor(id, (seen) => progress.show(seen.progress), ending);
    if (order.state === "failed") {
      throw new OrderFailed(
        `The order ${id} could not be carried out. It is kept; the worker's log says why.`,
      );
    }
    return order;
  } finally {
    progress.close();
  }
}

/** Says what an order did. */
export async function tell({ out }: Session, order: Order): Promise<void> {
  if (out.json) {
    await out.object(order);
    return;
  }
  const { result } = order;
  const verb = order.order === "undo" ? "restored" : order.dryRun === true ? "would take" : "took";
  const what = `${order.order}${order.page === undefined ? "" : ` of ${printable(order.page)}`}`;
  const moves = result !== undefined && (TAKING.has(order.order) || ["undo", "forget"].includes(order.order));
  await out.line(moves ? `${what}: ${verb} ${describe(result)}.` : `${what}: done.`);
  if (result?.before !== undefined && result.after !== undefined) {
    await out.line(`before: ${showVotes(result.before)}; after: ${showVotes(result.after)}`);
  }
  if (result?.drift !== undefined) await out.line(`wrong by: ${showVotes(result.drift)}`);
  if (result !== undefined && result.pages > 1) {
    const rows = result.list.map(({ page, counts }) => [page, showVotes(counts)]);
    await out.rows(["page", "votes"], rows, []);
    if (result.pages > result.list.length)
      await out.line(`… and ${result.pages - result.list.length} pages more.`);
  }
  if (order.undoUntil !== undefined && order.dryRun !== true) {
    await out.line(`Can be undone until ${showTime(order.undoUntil)}: reactions undo ${printable(order.id)}`);
  }
}

function describe(result: OrderResult | undefined): string {
  if (result === undefined || result.votes === 0) return "no votes";
  const pages = result.pages > 1 ? ` on ${result.pages.toLocaleString("en")} pages` : "";
  return `${result.votes.toLocaleString("en")} ${result.votes === 1 ? "vote" : "votes"} (${showVotes(result.counts)})${pages}`;
}
