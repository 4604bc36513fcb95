/** The BullMQ workers that carry out orders, beside the ones that tally votes. */
import { type Job, UnrecoverableError, Worker } from "bullmq";
import { UNDO_MS_MAX, UNDOABLE } from "../../shared/contract/orders.ts";
import { writeAuditOnce } from "../../shared/moderation/audit.ts";
import {
  fromOrderJob,
  OrderJobError,
  type StoredOrder,
  type StoredResult,
} from "../../shared/moderation/order-job.ts";
import { orderLine } from "../../shared/moderation/order-line.ts";
import {
  ORDERS_PREFIX,
  ORDERS_QUEUE,
  READERS_PREFIX,
  READERS_QUEUE,
} from "../../shared/moderation/order-queue.ts";
import { countKept, noteKept, noteRestored } from "../../shared/moderation/undo-store.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { gauge, type Metrics } from "../../shared/runtime/metrics.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { carryOutOrder } from "./carry-out-order.ts";
import { closeWorker } from "./close-worker.ts";
import { OrderTally } from "./order-tally.ts";

/** Orders side by side, of each queue: a freeze must not wait for a purge of a whole site. */
const CONCURRENCY = 4;

/** A killed worker's order goes on elsewhere after at most lock + check: 6 s. */
const LOCK_MS = 4_000;
const STALLED_CHECK_MS = 2_000;

/** An order must outlive any series of crashes. */
const STALLS_MAX = 1_000_000;

/** @param redis a connection of the role `worker` */
export function startOrders(redis: RedisConnection, metrics: Metrics, lifecycle: Lifecycle, log: Log): void {
  const start = (queue: string, prefix: string): Worker<unknown, StoredResult> => {
    const worker = new Worker<unknown, StoredResult>(queue, (job) => carryOut(redis, job, metrics), {
      connection: redis,
      prefix,
      concurrency: CONCURRENCY,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: STALLS_MAX,
    });
    worker.on("error", (error) => log.debug({ queue, reason: error.message }, "orders"));
    worker.on("stalled", (job) => log.warn({ queue, job }, "took over an order that another worker left"));
    worker.on("failed", (job, error) => {
      log.error({ order: job?.id, tries: job?.attemptsMade, reason: error.message }, "an order failed");
      if (job !== undefined) void giveUp(redis, job, metrics).catch(() => {});
    });
    return worker;
  };
  const workers = [start(ORDERS_QUEUE, ORDERS_PREFIX), start(READERS_QUEUE, READERS_PREFIX)];
  lifecycle.onStop("orders", () => Promise.all(workers.map((worker) => closeWorker(worker, redis))));
  gauge(
    metrics,
    "reactions_undo_votes",
    "Votes that orders took and that Redis keeps for a week, to be restored: about 20 bytes of memory each.",
    () => countKept(redis, Date.now()),
  );
}

async function carryOut(redis: RedisConnection, job: Job<unknown>, metrics: Metrics): Promise<StoredResult> {
  try {
    const stored = fromOrderJob(job.data);
    const id = job.id ?? "";
    // On which pages a reader voted is nobody's business once they left: neither audit nor BullMQ's events tell.
    const listed_max = stored.order === "forget" ? 0 : undefined;
    const tally = new OrderTally(job.progress, (progress) => job.updateProgress(progress), listed_max);
    const result = await carryOutOrder(redis, { ...stored, id }, tally);
    // Readers who sign in are no moderation.
    if (stored.order !== "move")
      await writeAuditOnce(redis, stored.site, `${id}-done`, orderLine(id, stored, "done", result));
    await noteUndo(redis, id, stored, result);
    metrics.orders.inc({ order: stored.order, state: "done" });
    if (stored.order === "recount") metrics.drift.inc(result.votes);
    return result;
  } catch (error) {
    // What cannot be read today cannot be read in a second.
    throw error instanceof OrderJobError ? new UnrecoverableError(error.message) : error;
  }
}

async function noteUndo(
  redis: RedisConnection,
  id: string,
  order: StoredOrder,
  result: StoredResult,
): Promise<void> {
  if (order.of !== undefined) await noteRestored(redis, order.of);
  else if (UNDOABLE.includes(order.order) && order.dryRun !== true) {
    await noteKept(redis, id, result.votes, order.at + UNDO_MS_MAX);
  }
}

/** Once an order is tried no more, the audit says so. */
async function giveUp(redis: RedisConnection, job: Job<unknown>, metrics: Metrics): Promise<void> {
  if (!(await job.isFailed())) return;
  const stored = fromOrderJob(job.data);
  const id = job.id ?? "";
  await writeAuditOnce(redis, stored.site, `${id}-failed`, orderLine(id, stored, "failed"));
  metrics.orders.inc({ order: stored.order, state: "failed" });
}
