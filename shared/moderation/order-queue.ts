/** Orders on their way to the worker: a BullMQ queue of their own. The job's id is the order's id. */
import { type Job, Queue } from "bullmq";
import { Refusal } from "../contract/problems.ts";
import { COMMAND_MS_MAX, type RedisConnection } from "../runtime/redis-connections.ts";
import { within } from "../runtime/within.ts";
import type { StoredOrder } from "./order-job.ts";

/** Name of the queue; a job is called the same. */
export const ORDERS_QUEUE = "orders";

/** BullMQ's key prefix; the braces keep the queue in one slot of a Cluster. */
export const ORDERS_PREFIX = "{orders}";

/** Orders that wait; past it new ones are turned away. */
const WAITING_MAX = 10_000;

/** Readers' moves that wait; past it clients keep what they have to move and come again. */
const MOVES_WAITING_MAX = 1_000;

/** How long orders can be asked for after they are done: longer than they can be undone, so that it can be said why not. */
const KEPT_S = 30 * 86_400;

/** Tries before an order is given up: half a minute in which Redis refused a step each time. */
const ATTEMPTS_MAX = 60;
const ATTEMPT_PAUSE_MS = 500;

/** Newest orders of a site that can be listed. */
const LISTED_MAX = 1_000;

const listKey = (site: string): string => `{site:${site}}:orders`;

export class OrderQueue {
  readonly #redis: RedisConnection;
  readonly #queue: Queue;

  /** @param redis a connection that fails fast */
  constructor(redis: RedisConnection, onError: (error: Error) => void) {
    this.#redis = redis;
    this.#queue = new Queue(ORDERS_QUEUE, {
      connection: redis,
      prefix: ORDERS_PREFIX,
      skipMetasUpdate: true,
    });
    this.#queue.on("error", onError);
  }

  /**
   * Resolves once the order is stored. Adding an id that is there changes nothing.
   * @throws Refusal `orders_full`; or what Redis or the clock said: then the order may or may not be stored
   */
  async add(id: string, order: StoredOrder): Promise<void> {
    const isMove = order.order === "move";
    const waiting = isMove ? await this.#queue.getPrioritizedCount() : await this.waiting();
    if (waiting >= (isMove ? MOVES_WAITING_MAX : WAITING_MAX)) throw new Refusal("orders_full");
    const listed = !isMove && order.order !== "forget";
    const kept = { age: KEPT_S };
    const added = this.#queue.add(ORDERS_QUEUE, order, {
      jobId: id,
      // Readers sign in at any time and in any number: moderators' orders go first.
      ...(isMove ? { priority: 1 } : {}),
      attempts: ATTEMPTS_MAX,
      backoff: { type: "fixed", delay: ATTEMPT_PAUSE_MS },
      // A voter who left is not to be found among the orders either, and nobody need know who signed in.
      removeOnComplete: listed ? kept : true,
      removeOnFail: kept,
    });
    await within(COMMAND_MS_MAX, added, "Redis did not take the order in time");
    if (!listed) return;
    await this.#redis.zadd(listKey(order.site), order.at, id);
    await this.#redis.zremrangebyrank(listKey(order.site), 0, -LISTED_MAX - 1);
  }

  /** The order's job, if it is still kept. */
  async find(id: string): Promise<Job | undefined> {
    return (await this.#queue.getJob(id)) ?? undefined;
  }

  /** The order's job and how far it is; the state is read first, so that a job that is done has its result. */
  async look(id: string): Promise<{ readonly job: Job; readonly state: string } | undefined> {
    const state = await this.#queue.getJobState(id);
    const job = await this.find(id);
    return job === undefined ? undefined : { job, state };
  }

  /** Ids of the newest orders of a site, newest first. */
  async newest(site: string, limit: number): Promise<readonly string[]> {
    return await this.#redis.zrevrange(listKey(site), 0, limit - 1);
  }

  /** Orders that no worker has begun. */
  async waiting(): Promise<number> {
    return await this.#queue.getWaitingCount();
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}
