/** Says in the log what an accepted vote survives. */
import type { Log } from "./log.ts";
import type { RedisConnection } from "./redis-connections.ts";
import { inspectRedis, UnfitRedisError } from "./redis-settings.ts";

/**
 * Says it once, as soon as Redis answers, with a warning for each setting that is a danger. A Redis that this service cannot
 * work with ends the process, through its usual door.
 * @param redis a connection that fails fast
 */
export function sayDurability(redis: RedisConnection, log: Log): void {
  const say = async (): Promise<void> => {
    try {
      const { durability, warnings } = await inspectRedis(redis);
      redis.off("ready", say);
      for (const warning of warnings) log.warn(warning);
      log.info(durability);
    } catch (error) {
      if (error instanceof UnfitRedisError)
        setImmediate(() => {
          throw error;
        });
      // It is asked again once it is back.
      else log.debug({ reason: String(error) }, "Redis's settings not read");
    }
  };
  redis.on("ready", say);
  if (redis.status === "ready") void say();
}
