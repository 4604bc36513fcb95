/** Has records dropped that are older than their site wants to keep them. */
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import { retainRecords } from "./retain-records.ts";
import { runEvery } from "./run-every.ts";

const RETENTION_MS = 60_000;

/** @param redis a connection of the role `worker` */
export function startRetention(redis: RedisConnection, sites: Sites, lifecycle: Lifecycle, log: Log): void {
  const look = async (now_ms: number): Promise<void> => {
    for (const { id, retentionDays } of sites.values()) {
      if (retentionDays === undefined) continue;
      const closed = await retainRecords(redis, id, retentionDays, now_ms);
      if (closed > 0) log.info({ site: id, closed }, "pages were closed, their records dropped");
    }
  };
  runEvery(redis, "retention", RETENTION_MS, look, lifecycle, log);
}
