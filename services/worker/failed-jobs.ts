/** Jobs that failed for good hold votes that were answered 202: counted, and sent again when asked. */
import { Queue } from "bullmq";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { QUEUE_NAME, shardPrefix } from "../../shared/votes/shards.ts";

export class FailedJobs {
  readonly #queues: readonly Queue[];

  /** @param shards number of shards; the same in every process */
  constructor(redis: RedisConnection, shards: number, onError: (error: Error) => void) {
    this.#queues = Array.from({ length: shards }, (_, shard) => {
      const queue = new Queue(QUEUE_NAME, {
        connection: redis,
        prefix: shardPrefix(shard),
        skipMetasUpdate: true,
      });
      return queue.on("error", onError);
    });
  }

  /** How many there are. */
  async count(): Promise<number> {
    const counts = await Promise.all(this.#queues.map((queue) => queue.getFailedCount()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Puts them all back into their queues; resolves to how many. Sending a job twice counts no vote twice. */
  async sendAgain(): Promise<number> {
    const count = await this.count();
    await Promise.all(this.#queues.map((queue) => queue.retryJobs({ state: "failed" })));
    return count;
  }

  /** Lets go of the queues. */
  async close(): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.close()));
  }
}
