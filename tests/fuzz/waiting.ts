/** What workers have still to do: votes, and orders of moderators and of readers. */
import { Queue } from "bullmq";
import {
  ORDERS_PREFIX,
  ORDERS_QUEUE,
  READERS_PREFIX,
  READERS_QUEUE,
} from "../../shared/moderation/order-queue.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { VoteBacklog } from "../faults/rig/vote-backlog.ts";

export class Waiting {
  readonly #votes: VoteBacklog;
  readonly #orders: Queue;
  readonly #readers: Queue;

  constructor(redis: RedisConnection, shards: number) {
    const open = (name: string, prefix: string): Queue =>
      new Queue(name, { connection: redis, prefix, skipMetasUpdate: true }).on("error", () => {});
    this.#votes = new VoteBacklog(redis, shards);
    this.#orders = open(ORDERS_QUEUE, ORDERS_PREFIX);
    this.#readers = open(READERS_QUEUE, READERS_PREFIX);
  }

  /** What readers ordered about their own votes. */
  async readersOrders(): Promise<number> {
    return await left(this.#readers);
  }

  /** Jobs of every kind. */
  async all(): Promise<number> {
    const counts = await Promise.all([this.#votes.left(), left(this.#orders), left(this.#readers)]);
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Jobs of votes that were given up. */
  async failed(): Promise<number> {
    return await this.#votes.failed();
  }

  async close(): Promise<void> {
    await Promise.all([this.#votes.close(), this.#orders.close(), this.#readers.close()]);
  }
}

async function left(queue: Queue): Promise<number> {
  return await queue.getJobCountByTypes("wait", "active", "delayed", "prioritized");
}
