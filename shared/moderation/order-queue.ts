/**
 * Orders on their way to the worker: BullMQ queues of their own. The job's id is the order's id. What readers order about their own
 * votes goes another way than what moderators order: neither waits for the other, however many there are.
 */
import { type Job, type KeepJobs, Queue } from "bullmq";
import { Refusal } from "../contract/problems.ts";
import { COMMAND_MS_MAX, type RedisConnection } from "../runtime/redis-connections.ts";
import { within } from "../runtime/within.ts";
import type { StoredOrder } from "./order-job.ts";

/** Name of the queue; a job is called the same. */
export const ORDERS_QUEUE = "orders";

/** BullMQ's key prefix; the braces keep the queue in one slot of a Cluster. */
export const ORDERS_PREFIX = "{orders}";

/** The same of readers' orders. */
export const READERS_QUEUE = "readers";
export const READERS_PREFIX = "{readers}";

/** Orders that wait; past it new ones are turned away. */
const WAITING_MAX = 10_000;

/** Those of readers, who may name a hundred pages each; past it clients keep what they have to move and come again. */
const READERS_WAITING_MAX = 1_000;

/** For so long orders can be asked for after they are done, s: longer than they can be undone, so that it can be said why not. */
const KEPT_S = 30 * 86_400;
const KEPT: KeepJobs = { age: KEPT_S };

/** Orders that are forgotten at a time. */
const DROPPED_MAX = 10_000;

/** Tries before an order is given up: half a minute in which Redis refused a step each time. */
const ATTEMPTS_MAX = 60;
const ATTEMPT_PAUSE_MS = 500;

/** Newest orders of a site that can be listed. */
const LISTED_MAX = 1_000;

const listKey = (site: string): string => `{site:${site}}:orders`;

export class OrderQueue {
  readonly #redis: RedisConnection;
  readonly #moderators: Queue;
  readonly #readers: Queue;

  /** @param redis a connection that fails fast */
  constructor(redis: RedisConnection, onError: (error: Error) => void) {
    const open = (name: string, prefix: string): Queue =>
      new Queue(name, { connection: redis, prefix, skipMetasUpdate: true }).on("error", onError);
    this.#redis = redis;
    this.#moderators = open(ORDERS_QUEUE, ORDERS_PREFIX);
    this.#readers = open(READERS_QUEUE, READERS_PREFIX);
  }

  /**
   * Resolves once the order is stored, in the queue of those who give such orders. Adding an id that is there changes nothing.
   * @throws Refusal `orders_full`; or what Redis or the clock said: then the order may or may not be stored
   */
  async add(id: string, order: StoredOrder): Promise<void> {
    const ofReader = order.order === "forget" || order.order === "move";
    const queue = ofReader ? this.#readers : this.#moderators;
    if ((await queue.getWaitingCount()) >= (ofReader ? READERS_WAITING_MAX : WAITING_MAX))
      throw new Refusal("orders_full");
    const added = queue.add(queue.name, order, {
      jobId: id,
      attempts: ATTEMPTS_MAX,
      backoff: { type: "fixed", delay: ATTEMPT_PAUSE_MS },
      // Nobody need know who left, or who signed in.
      removeOnComplete: ofReader ? true : KEPT,
      removeOnFail: KEPT,
    });
    await within(COMMAND_MS_MAX, added, "Redis did not take the order in time");
    if (ofReader) return;
    await this.#redis.zadd(listKey(order.site), order.at, id);
    await this.#redis.zremrangebyrank(listKey(order.site), 0, -LISTED_MAX - 1);
  }

  /** The order's job, if it is still kept. */
  async find(id: string): Promise<Job | undefined> {
    return (await this.#moderators.getJob(id)) ?? undefined;
  }

  /** The order's job and how far it is; the state is read first, so that a job that is done has its result. */
  async look(id: string): Promise<{ readonly job: Job; readonly state: string } | undefined> {
    const state = await this.#moderators.getJobState(id);
    const job = await this.find(id);
    return job === undefined ? undefined : { job, state };
  }

  /** Ids of the newest orders of a site, newest first. */
  async newest(site: string, limit: number): Promise<readonly string[]> {
    return await this.#redis.zrevrange(listKey(site), 0, limit - 1);
  }

  /** Forgets the orders that were done, or given up, so long ago: BullMQ does so only when another one is done. */
  async dropOld(): Promise<void> {
    for (const queue of [this.#moderators, this.#readers]) {
      await queue.clean(KEPT_S * 1_000, DROPPED_MAX, "completed");
      await queue.clean(KEPT_S * 1_000, DROPPED_MAX, "failed");
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#moderators.close(), this.#readers.close()]);
  }
}
