import { Queue } from "bullmq";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { FailedJobs } from "../../services/worker/failed-jobs.ts";
import { QUEUE_NAME, shardPrefix } from "../../shared/votes/shards.ts";
import { countsOf, freshPage, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";

let service: TestService;
const { redis, lifecycle } = openTestRedis();
const queue = new Queue(QUEUE_NAME, { connection: redis, prefix: shardPrefix(0) });
const failed = new FailedJobs(redis, 2, () => {});
beforeAll(async () => {
  service = await startService(inject("redisUrl"));
});
afterAll(async () => {
  await queue.close();
  await failed.close();
  await service.stop();
  await lifecycle.stop();
});

describe("jobs that cannot be tallied", () => {
  it("V13: are kept, counted, and tallied when sent again", async () => {
    const page = freshPage();
    const vote = ["default", page, "0123456789abcdef", 0, 1_700_000_000_000, 1];
    const before = await failed.count();
    const job = await queue.add(
      QUEUE_NAME,
      { version: 1, votes: [vote, ["broken"]] },
      { jobId: `t-${page}`, attempts: 5 },
    );
    await until("the job to fail", () => job.isFailed());
    expect(await failed.count()).toBe(before + 1);
    expect((await countsOf(service.url, page)).total).toBe(0);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(Number(/^reactions_jobs_kept_failed (\d+)$/m.exec(metrics)?.[1])).toBe(before + 1);
    // What made it fail is mended, then it is sent again.
    await job.updateData({ version: 1, votes: [vote] });
    expect(await failed.sendAgain()).toBe(before + 1);
    await until("the vote", async () => (await countsOf(service.url, page)).total === 1);
    expect(await failed.count()).toBe(before);
  });
});
