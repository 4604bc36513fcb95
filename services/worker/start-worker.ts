/** BullMQ workers over all shards of the vote queue. */
import { UnrecoverableError } from "bullmq";
import { followSites } from "../../shared/moderation/follow-sites.ts";
import type { Config } from "../../shared/runtime/config.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { gauge, type Metrics } from "../../shared/runtime/metrics.ts";
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { type CallResult, KEEP_MS } from "../../shared/tallies/tally-page.ts";
import { readJoined } from "../../shared/votes/join-job.ts";
import { ROUND_MS } from "../../shared/votes/newest-job.ts";
import { RESTORE_JOB } from "../../shared/votes/restore-job.ts";
import { QUEUE_NAME, shardPrefix } from "../../shared/votes/shards.ts";
import { VoteJobError } from "../../shared/votes/vote-job.ts";
import { VoteQueue } from "../../shared/votes/vote-queue.ts";
import { askRulesTogether } from "./ask-rules-together.ts";
import { callTally } from "./call-tally.ts";
import { closeWorker } from "./close-worker.ts";
import { FailedJobs } from "./failed-jobs.ts";
import { openGatherHeat } from "./gather-heat.ts";
import { JobTaker } from "./job-taker.ts";
import { openNoteActivity } from "./note-activity.ts";
import { openNoteHolding } from "./note-holding.ts";
import { openNoteReaders } from "./note-readers.ts";
import { PageCalls, type TallyOne } from "./page-calls.ts";
import { isPassing } from "./passing-error.ts";
import { putOff } from "./put-off.ts";
import { restore } from "./restore.ts";
import { openSiteChanges } from "./site-changes.ts";
import { startForgetting } from "./start-forgetting.ts";
import { startOrders } from "./start-orders.ts";
import { startRetention } from "./start-retention.ts";
import { startWatch } from "./start-watch.ts";
import { startWebhooks } from "./start-webhooks.ts";
import { tallyVotes } from "./tally-votes.ts";

/**
 * Jobs of a shard that are tallied side by side, and merged by page; stamps decide, so their order does not matter. Most
 * of them wait for a beat of `PageCalls`, so this is what a worker can do within one.
 */
const PLACES = 128;

/** A killed worker's jobs come back once the lock has run out and two checks have seen it: 6 s at most. BullMQ's own times add up to a minute. */
const LOCK_MS = 4_000;
const STALLED_CHECK_MS = 1_000;

/** BullMQ fails a job that stalls more often than this; a vote that was answered 202 must outlive any series of crashes. */
const STALLS_MAX = 1_000_000;

/** After an outage a worker asks for jobs again so soon. */
const RETRY_MS = 500;

/** Starts tallying; stops with the lifecycle, after the jobs in hand are done. */
export function startWorker(config: Config, metrics: Metrics, lifecycle: Lifecycle, log: Log): void {
  const redis = openRedis("worker", config, lifecycle, log, metrics);
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
  const noteChanges = openSiteChanges(redis, lifecycle, (error) =>
    log.warn({ reason: String(error) }, "a site's timeline was not moved"),
  );
  const { sites } = followSites(config, redis, lifecycle, log);
  startOrders(redis, metrics, lifecycle, log);
  const send = startWebhooks(redis, config.webhooksPrivate, lifecycle, log);
  startRetention(redis, sites, lifecycle, log);
  startForgetting(redis, sites, lifecycle, log);
  startWatch(redis, sites, send, lifecycle, log);
  const noteActivity = openNoteActivity(redis, lifecycle, (error) =>
    log.debug({ reason: String(error) }, "activity not noted"),
  );
  const noteHolding = openNoteHolding(redis);
  const noteReaders = openNoteReaders(redis, lifecycle, (error) =>
    log.debug({ reason: String(error) }, "pages do not know their strangers"),
  );
  const gatherHeat = openGatherHeat(redis, lifecycle, (error) =>
    log.warn({ reason: String(error) }, "hot lists were not moved"),
  );
  const later = new VoteQueue(redis, {
    shards: config.queueShards,
    replicas_min: config.voteMinReplicas,
    onError: (error) => log.debug({ reason: error.message }, "queue"),
  });
  lifecycle.onStop("votes for later", () => later.close());
  // The job, which the tally replaces, is on as many replicas.
  const options = { replicas_min: config.voteMinReplicas, askRules: askRulesTogether(redis) };
  const calls = new PageCalls(async (site, page, votes) => {
    const at = votes.reduce((newest, vote) => Math.max(newest, vote.at), 0);
    const told = (result: CallResult): void => {
      metrics.tallied.inc({ result: "applied" }, result.applied);
      metrics.tallied.inc({ result: "stale" }, result.stale);
      metrics.tallied.inc({ result: "frozen" }, result.refused);
      noteChanges(site, result);
      gatherHeat(site, { page, at, moved: result.moved });
    };
    const result = await callTally(redis, site, page, votes, { ...options, told });
    metrics.tallied.inc({ result: "early" }, result.early.length);
    noteActivity(site, page, at);
    noteReaders(site, page, votes);
    await noteHolding(site, page, result.held);
    // Last: if it fails, the job is tallied again, and then there is nothing to note any more.
    await later.addLater(
      result.early.map((vote) => ({ ...vote, site, page })),
      KEEP_MS,
    );
  });
  const tally: TallyOne = (...call) => calls.tally(...call);
  const workers = Array.from({ length: config.queueShards }, (_, shard) => {
    const worker = new JobTaker(
      QUEUE_NAME,
      async (job, token) => {
        const end = metrics.tallySeconds.startTimer();
        try {
          if (job.name === RESTORE_JOB) {
            await restore(redis, job.data);
            return;
          }
          const joined = await readJoined(redis, worker.toKey(job.id ?? ""), job);
          await tallyVotes([job.data, ...joined], tally);
        } catch (error) {
          // What cannot be read today cannot be read in a second: kept among the failed jobs at once.
          if (error instanceof VoteJobError) throw new UnrecoverableError(error.message);
          if (!isPassing(error)) throw error;
          metrics.jobsPutOff.inc();
          log.debug({ shard, reason: String(error) }, "put off");
          throw await putOff(job, token, (reason) =>
            log.debug({ shard, reason: String(reason) }, "not put off"),
          );
        } finally {
          end();
        }
      },
      {
        connection: redis,
        prefix: shardPrefix(shard),
        places: PLACES,
        round_ms: ROUND_MS,
        runRetryDelay: RETRY_MS,
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
  lifecycle.onStop("workers", () => Promise.all(workers.map((worker) => closeWorker(worker, redis))));
  // Closed first: whoever waits for a Redis that is away hears that it is in vain, instead of holding up the stop.
  lifecycle.onStop("a Redis that is away", () => {
    if (redis.status !== "ready") redis.disconnect();
  });
}
