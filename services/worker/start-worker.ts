/** BullMQ workers over all shards of the vote queue. */
import { UnrecoverableError, Worker } from "bullmq";
import type { Config } from "../../shared/runtime/config.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { gauge, type Metrics } from "../../shared/runtime/metrics.ts";
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { RESTORE_JOB } from "../../shared/votes/restore-job.ts";
import { QUEUE_NAME, shardPrefix } from "../../shared/votes/shards.ts";
import { VoteJobError } from "../../shared/votes/vote-job.ts";
import { FailedJobs } from "./failed-jobs.ts";
import { openNoteActivity } from "./note-activity.ts";
import { restore } from "./restore.ts";
import { startOrders } from "./start-orders.ts";
import { tallyVotes } from "./tally-votes.ts";
import { warmSites } from "./warm-sites.ts";

/** Jobs of a shard that are tallied side by side; stamps decide, so their order does not matter. */
const CONCURRENCY = 4;

/** A killed worker's jobs come back after at most lock + check: 6 s. BullMQ's own times add up to a minute. */
const LOCK_MS = 4_000;
const STALLED_CHECK_MS = 2_000;

/** BullMQ fails a job that stalls more often than this; a vote that was answered 202 must outlive any series of crashes. */
const STALLS_MAX = 1_000_000;

/** Starts tallying; stops with the lifecycle, after the jobs in hand are done. */
export function startWorker(config: Config, metrics: Metrics, lifecycle: Lifecycle, log: Log): void {
  const redis = openRedis("worker", config, lifecycle, log);
  const failed = new FailedJobs(redis, config.queueShards, (error) =>
    log.debug({ reason: error.message }, "queue"),
  );
  lifecycle.onStop("failed jobs", () => failed.close());
  gauge(
    metrics,
    "reactions_jobs_kept_failed",
    "Jobs of votes that failed for good and wait to be sent again.",
    () => failed.count(),
  );
  startOrders(redis, metrics, lifecycle, log);
  const noteActivity = openNoteActivity(redis, lifecycle, (error) =>
    log.debug({ reason: String(error) }, "activity not noted"),
  );
  const workers = Array.from({ length: config.queueShards }, (_, shard) => {
    const worker = new Worker<unknown>(
      QUEUE_NAME,
      async ({ name, data }) => {
        const end = metrics.tallySeconds.startTimer();
        try {
          if (name === RESTORE_JOB) {
            await restore(redis, data);
            return;
          }
          const { applied, stale, refused, active, moves } = await tallyVotes(redis, data);
          noteActivity(active);
          metrics.tallied.inc({ result: "applied" }, applied);
          metrics.tallied.inc({ result: "stale" }, stale);
          metrics.tallied.inc({ result: "frozen" }, refused);
          await warmSites(redis, moves, (error) =>
            log.warn({ shard, reason: String(error) }, "hot lists were not moved"),
          );
        } catch (error) {
          // What cannot be read today cannot be read in a second: kept among the failed jobs at once.
          throw error instanceof VoteJobError ? new UnrecoverableError(error.message) : error;
        } finally {
          end();
        }
      },
      {
        connection: redis,
        prefix: shardPrefix(shard),
        concurrency: CONCURRENCY,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maxStalledCount: STALLS_MAX,
        removeOnComplete: { count: 0 },
      },
    );
    worker.on("error", (error) => log.debug({ shard, reason: error.message }, "worker"));
    worker.on("failed", (job, error) => {
      metrics.jobsFailed.inc();
      log.error(
        { shard, job: job?.id, tries: job?.attemptsMade, reason: error.message },
        "a job of votes failed",
      );
    });
    worker.on("stalled", (job) => log.warn({ shard, job }, "took over a job that another worker left"));
    return worker;
  });
  lifecycle.onStop("workers", () => Promise.all(workers.map((worker) => worker.close())));
}
