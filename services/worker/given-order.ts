import type { StoredOrder } from "../../shared/moderation/order-job.ts";

/** An order and its id. */
export interface GivenOrder extends StoredOrder {
  readonly id: string;
}
