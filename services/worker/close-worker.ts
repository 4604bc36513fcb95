import type { Worker } from "bullmq";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";

/**
 * Closes a BullMQ worker when its jobs in hand are done. While Redis is away they cannot be: then at once, and whoever has Redis
 * back first takes them over.
 * @param redis the connection that the worker was given
 */
export function closeWorker(worker: Worker, redis: RedisConnection): Promise<void> {
  return worker.close(redis.status !== "ready");
}
