import { setTimeout as pause } from "node:timers/promises";
import { askRedis, dataFolderAt } from "./ask-redis.ts";

/** Longest that a Redis may take to answer at all. */
const ANSWER_MS_MAX = 15_000;
/** Longest that it may take to read its data: some ten gigabytes. */
const LOADING_MS_MAX = 600_000;
const PAUSE_MS = 15;

/**
 * Waits until the Redis on 127.0.0.1:`port` serves commands. One that says LOADING is alive and gets longer.
 * @param dir the data folder that it must have, as it sees it: another Redis may have taken the port first
 * @param signal ends the waiting, with its reason
 */
export async function waitUntilReady(port: number, dir: string, signal: AbortSignal): Promise<void> {
  const began_ms = performance.now();
  let loading = false;
  for (;;) {
    try {
      await askRedis(port, (redis) => redis.ping());
      if ((await dataFolderAt(port)) === dir) return;
    } catch (error) {
      loading = loading || (error instanceof Error && error.message.startsWith("LOADING"));
    }
    signal.throwIfAborted();
    const ms_max = loading ? LOADING_MS_MAX : ANSWER_MS_MAX;
    if (performance.now() - began_ms > ms_max) {
      throw new Error(
        `Redis did not ${loading ? "finish loading its data" : "answer"} within ${ms_max / 1_000} s`,
      );
    }
    await pause(PAUSE_MS);
    signal.throwIfAborted();
  }
}
