import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { listPages } from "../../shared/tallies/known-pages.ts";
import { restorePage } from "../../shared/tallies/restore-page.ts";
import { fromRestoreJob } from "../../shared/votes/restore-job.ts";

/**
 * Carries out what an import asks for a page: room for its records, its base count, its state. May be run again from the start.
 * @param data what BullMQ stored
 * @throws VoteJobError when the data is not such a job; whatever Redis said otherwise
 */
export async function restore(redis: RedisConnection, data: unknown): Promise<void> {
  const { site, page, ...plan } = fromRestoreJob(data);
  const { unlisted } = await restorePage(redis, site, page, plan);
  if (unlisted) await listPages(redis, site, [page]);
}
