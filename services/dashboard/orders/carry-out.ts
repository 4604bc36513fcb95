/** Gives an order and waits until it is carried out. */
import { ServiceError } from "../../../shared/client/service-error.ts";
import type { Order } from "../../../shared/contract/order-answers.ts";
import type { OrderRequest } from "../../../shared/contract/orders.ts";
import type { Session } from "../session.ts";

/** @throws ServiceError; `order_failed` when the worker gave up */
export async function carryOut({ moderation }: Session, request: OrderRequest): Promise<Order> {
  const { id } = await moderation.order(request);
  return await finished(moderation.waitFor(id));
}

/** Gives back what an order took. @throws ServiceError */
export async function undo({ moderation }: Session, order: string): Promise<Order> {
  const { id } = await moderation.undo(order);
  return await finished(moderation.waitFor(id));
}

async function finished(waiting: Promise<Order>): Promise<Order> {
  const order = await waiting;
  if (order.state === "failed") throw new ServiceError("order_failed", "The order failed", 0, false);
  return order;
}
