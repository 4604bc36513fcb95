/** What the queue of votes promises of jobs that are no readers' votes. */
import { expect, it, onTestFinished } from "vitest";
import { whenConnected } from "../../shared/runtime/redis-connections.ts";
import { TooFewReplicasError } from "../../shared/runtime/replicas.ts";
import { RESTORE_JOB } from "../../shared/votes/restore-job.ts";
import { VoteQueue } from "../../shared/votes/vote-queue.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis } from "../support/test-redis.ts";

it("V32: what an import brings is not taken on fewer replicas than a vote", async () => {
  const place = await startTestRedis();
  const { redis, lifecycle } = openTestRedis("producer", place.url);
  const alone = new VoteQueue(redis, { shards: 1 });
  const copied = new VoteQueue(redis, { shards: 1, replicas_min: 1 });
  onTestFinished(async () => {
    await Promise.all([alone.close(), copied.close()]);
    await lifecycle.stop();
    await place.stop();
  });
  await whenConnected(redis);
  expect(await alone.isDone(await alone.addJob(0, RESTORE_JOB, {}))).toBe(false);
  await expect(copied.addJob(0, RESTORE_JOB, {})).rejects.toThrow(TooFewReplicasError);
});
