/** What waits in the vote queue, as BullMQ counts it. */
import { type Job, Queue } from "bullmq";
import type { RedisConnection } from "../../../shared/runtime/redis-connections.ts";
import { QUEUE_NAME, shardPrefix } from "../../../shared/votes/shards.ts";

export class VoteBacklog {
  readonly #queues: readonly Queue[];

  constructor(redis: RedisConnection, shards: number) {
    this.#queues = Array.from({ length: shards }, (_, shard) =>
      new Queue(QUEUE_NAME, { connection: redis, prefix: shardPrefix(shard), skipMetasUpdate: true }).on(
        "error",
        () => {},
      ),
    );
  }

  /** Jobs that a worker has in hand. */
  async inHand(): Promise<readonly Job[]> {
    return (await Promise.all(this.#queues.map((queue) => queue.getActive()))).flat();
  }

  /** Jobs that are still to be tallied. */
  async left(): Promise<number> {
    return await this.#count("wait", "active", "delayed", "prioritized");
  }

  /** Jobs of votes that came too early, and that wait until their time. */
  async putOff(): Promise<number> {
    return await this.#count("delayed");
  }

  /** Jobs that were given up. */
  async failed(): Promise<number> {
    return await this.#count("failed");
  }

  async close(): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.close()));
  }

  async #count(...states: ("wait" | "active" | "delayed" | "prioritized" | "failed")[]): Promise<number> {
    const counts = await Promise.all(this.#queues.map((queue) => queue.getJobCountByTypes(...states)));
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
