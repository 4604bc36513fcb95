import { Redis } from "ioredis";

/** Longest for connecting, greeting and the answer together: the client bounds only each of them. */
const ANSWER_MS_MAX = 1_000;

/**
 * Asks the Redis on 127.0.0.1:`port` something over a connection of its own, which is closed afterwards and never
 * retried. Rejects when nothing answers in time, and when Redis answers with an error.
 */
export async function askRedis<T>(port: number, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({
    host: "127.0.0.1",
    port,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    // It would wait for the end of loading, and whoever asks here may want to know exactly that.
    enableReadyCheck: false,
    // Frozen, it would not hang up either.
    disconnectTimeout: 100,
    replyMapping: "legacy",
  });
  // The same failure also rejects the question.
  redis.on("error", () => {});
  const late = setTimeout(() => redis.disconnect(), ANSWER_MS_MAX);
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    clearTimeout(late);
    redis.disconnect();
  }
}

/** The data folder of the Redis on that port; undefined when none answers or it does not tell. */
export async function dataFolderAt(port: number): Promise<string | undefined> {
  try {
    const reply: unknown = await askRedis(port, (redis) => redis.config("GET", "dir"));
    return Array.isArray(reply) && typeof reply[1] === "string" ? reply[1] : undefined;
  } catch {
    return undefined;
  }
}

/** The process id of the Redis on that port, as it sees itself; undefined when none answers. */
export async function pidAt(port: number): Promise<number | undefined> {
  try {
    const info = await askRedis(port, (redis) => redis.info("server"));
    const [, pid] = /^process_id:(\d+)/m.exec(info) ?? [];
    return pid === undefined ? undefined : Number(pid);
  } catch {
    return undefined;
  }
}
