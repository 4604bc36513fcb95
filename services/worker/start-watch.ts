/** Looks at the sites every few seconds and tells of what is odd. */
import { watchSite } from "../../shared/live/watch-site.ts";
import { watchThresholds } from "../../shared/live/watch-thresholds.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import { dropSettled } from "../../shared/tallies/holding-pages.ts";
import { runEvery } from "./run-every.ts";
import type { SendAlert } from "./start-webhooks.ts";

const WATCH_MS = 15_000;

/** @param redis a connection of the role `worker` */
export function startWatch(
  redis: RedisConnection,
  sites: Sites,
  send: SendAlert,
  lifecycle: Lifecycle,
  log: Log,
): void {
  const look = async (now_ms: number): Promise<void> => {
    for (const site of sites.values()) {
      for (const alert of await watchSite(redis, site, now_ms)) {
        log.info({ site: site.id, kind: alert.why.kind }, "an alert");
        await send(site.id, alert);
      }
      await dropSettled(redis, site.id, now_ms);
      for (const { webhook, alert } of await watchThresholds(redis, site, now_ms)) {
        await send(site.id, alert, webhook);
      }
    }
  };
  runEvery(redis, "watch", WATCH_MS, look, lifecycle, log);
}
