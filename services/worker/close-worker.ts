import { RedisConnection as BullConnection, type Worker } from "bullmq";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { within } from "../../shared/runtime/within.ts";

/** Longest wait for a worker's own connection, ms: while Redis answers, the next try to connect is a second away at most. */
const CONNECTED_MS_MAX = 1_500;

/**
 * Closes a BullMQ worker when its jobs in hand are done. While Redis is away they cannot be: then at once, and whoever has Redis
 * back first takes them over.
 * @param redis the connection that the worker was given
 */
export async function closeWorker(worker: Worker, redis: RedisConnection): Promise<void> {
  const connected = redis.status === "ready" && (await hasConnected(worker));
  await worker.close(!connected);
}

/**
 * Waits for the connection that the worker waits for jobs with. Closed between two tries to connect, ioredis never says that it
 * has ended, and BullMQ waits for exactly that (taskforcesh/bullmq issue 4656).
 */
async function hasConnected(worker: Worker): Promise<boolean> {
  const connect = async (): Promise<boolean> => {
    const client = await worker.backend.blockingClient;
    if (client !== undefined) await BullConnection.waitUntilReady(client);
    return true;
  };
  return await within(CONNECTED_MS_MAX, connect(), "not connected").catch(() => false);
}
