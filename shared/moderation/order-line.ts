/** What the audit says of an order. */
import type { AuditLine } from "./audit.ts";
import type { StoredOrder, StoredResult } from "./order-job.ts";

/**
 * The line is kept for good, so it names no voter and lists no page for readers who left or signed in, nor where votes were
 * only looked at: then it says who looked, and how many there were.
 * @param result once it is done
 */
export function orderLine(
  id: string,
  order: StoredOrder,
  what: "asked" | "done" | "failed",
  result?: StoredResult,
): AuditLine {
  const { site: _, at: __, version: ___, by, voter, to: ____, pages: _____, ...asked } = order;
  const looked = asked.dryRun === true;
  const named = asked.order !== "forget" && asked.order !== "move" && !looked;
  return {
    ...asked,
    ...(named ? { voter } : {}),
    what,
    who: by,
    orderId: id,
    ...(result === undefined ? {} : { result: looked ? { ...result, list: [] } : result }),
  };
}
