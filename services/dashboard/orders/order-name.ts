/** What an order is called. */
import type { AuditEntry, Order } from "../../../shared/contract/order-answers.ts";
import { words } from "../words.ts";

export function orderName({ order }: Pick<Order | AuditEntry, "order">): string {
  const { names } = words().order;
  return order === undefined ? "" : (names[order] ?? order);
}
