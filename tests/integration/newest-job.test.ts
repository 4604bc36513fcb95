/** Commits that join a job while no worker has it. */
import { type Job, Queue } from "bullmq";
import { afterAll, describe, expect, it } from "vitest";
import { JobTaker } from "../../services/worker/job-taker.ts";
import { joinJob, readJoined } from "../../shared/votes/join-job.ts";
import { NewestJob, ROUND_MS } from "../../shared/votes/newest-job.ts";
import { type AcceptedVote, fromVoteJob, toVoteJob, VoteJobError } from "../../shared/votes/vote-job.ts";
import { until } from "../support/reader.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
afterAll(() => lifecycle.stop());

let queues = 0;

const votesOf = (...stamps: readonly number[]): readonly AcceptedVote[] =>
  stamps.map((at) => ({
    ...{ site: "default", page: "p", voter: at.toString(16).padStart(16, "0") },
    ...{ reaction: 0, at, source: 1 },
  }));

/** A queue of its own with one job of the vote stamped 0, which is the newest. */
async function begin() {
  const name = `joined-${process.pid}-${queues++}`;
  const prefix = `{${name}}`;
  const queue = new Queue(name, { connection: redis, prefix });
  let now_ms = 0;
  const newest = new NewestJob(
    (joined, data) => joinJob(redis, 0, joined, data),
    () => now_ms,
  );
  const job = await queue.add("votes", toVoteJob(votesOf(0)), {
    attempts: 2,
    backoff: { type: "fixed", delay: 50 },
  });
  const key = queue.toKey(job.id ?? "");
  newest.stored(key, 1);
  /** Takes jobs; `heard` gets the stamps of each, in their order. */
  const take = (heard: number[][], work = async (): Promise<void> => {}): JobTaker =>
    new JobTaker(
      name,
      async (given: Job) => {
        const commits = [given.data, ...(await readJoined(redis, queue.toKey(given.id ?? ""), given))];
        heard.push(commits.flatMap(fromVoteJob).map(({ at }) => at));
        await work();
      },
      {
        ...{ connection: redis, prefix, places: 5, round_ms: 1, runRetryDelay: 50, maxStalledCount: 9 },
        ...{ lockDuration: 500, stalledInterval: 200, removeOnComplete: { count: 0 } },
      },
    );
  const end = async (...takers: readonly JobTaker[]): Promise<void> => {
    for (const taker of takers) await taker.close();
    await queue.obliterate({ force: true });
    await queue.close();
  };
  const pass = (time_ms: number): void => {
    now_ms += time_ms;
  };
  return { queue, newest, key, job, take, end, pass };
}

describe("commits that join a job", () => {
  it("V38: are in it when a worker takes it, in the order in which they came, and go with it", async () => {
    const { queue, newest, key, take, end } = await begin();
    expect(await newest.join(votesOf(1, 2))).toBe(true);
    expect(await newest.join(votesOf(3))).toBe(true);
    expect(await queue.getWaitingCount()).toBe(1);
    const heard: number[][] = [];
    const taker = take(heard);
    await until("the job to be done", async () => (await redis.exists(key)) === 0);
    expect(heard).toEqual([[0, 1, 2, 3]]);
    expect(await redis.exists(`${key}:logs`)).toBe(0);
    expect(await newest.join(votesOf(4))).toBe(false);
    expect(await redis.exists(`${key}:logs`)).toBe(0);
    await end(taker);
  });

  it("V38: come too late for a job that a worker has, or had and gave back", async () => {
    const { newest, key, take, end } = await begin();
    let giveBack = (_: Error): void => {};
    const heard: number[][] = [];
    const taker = take(heard, async () => {
      if (heard.length === 1) await new Promise((_, reject) => (giveBack = reject));
    });
    await until("the job to be taken", () => heard.length === 1);
    expect(await newest.join(votesOf(1))).toBe(false);
    // What was asked for in vain is not asked for again.
    expect(await newest.join(votesOf(1))).toBe(false);
    giveBack(new Error("not now"));
    newest.stored(key, 1);
    expect(await newest.join(votesOf(1))).toBe(false);
    await until("the job to come again", () => heard.length === 2);
    expect(heard).toEqual([[0], [0]]);
    await end(taker);
  });

  it("V38: do not ask after a job that was heard of more than a round ago, nor fill one past its limit", async () => {
    const { newest, key, end, pass } = await begin();
    pass(ROUND_MS);
    expect(await newest.join(votesOf(1))).toBe(true);
    // What joined is word of the job.
    pass(ROUND_MS);
    expect(await newest.join(votesOf(2))).toBe(true);
    const many = votesOf(...Array.from({ length: 998 }, (_, n) => 10 + n));
    expect(await newest.join(many)).toBe(false);
    expect(await newest.join(many.slice(1))).toBe(true);
    expect(await newest.join(votesOf(3))).toBe(false);
    newest.stored(key, 1);
    pass(ROUND_MS + 1);
    expect(await newest.join(votesOf(4))).toBe(false);
    expect(await redis.llen(`${key}:logs`)).toBe(3);
    await end();
  });

  it("V38: stay with a job that fails and is sent again", async () => {
    const { queue, newest, job, take, end } = await begin();
    expect(await newest.join(votesOf(1))).toBe(true);
    const heard: number[][] = [];
    const taker = take(heard, async () => {
      if (heard.length < 3) throw new Error("not yet");
    });
    await until("the job to fail", () => job.isFailed());
    await queue.retryJobs({ state: "failed" });
    await until("the job to be done", async () => heard.length === 3 && (await queue.getActiveCount()) === 0);
    expect(heard).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    await end(taker);
  });

  it("V38: stay with a job whose worker is gone", async () => {
    const { newest, take, end } = await begin();
    expect(await newest.join(votesOf(1))).toBe(true);
    const heard: number[][] = [];
    const gone = take(heard, () => new Promise(() => {}));
    await until("the job to be taken", () => heard.length === 1);
    // It never ends the job nor renews its lock, as if it had been killed.
    await gone.close(true);
    const other = take(heard);
    await until("the job to be taken over", () => heard.length === 2);
    expect(heard).toEqual([
      [0, 1],
      [0, 1],
    ]);
    await end(other);
  });

  it("V38: are told from what is no commit, and missed where they ought to be", async () => {
    const { newest, key, end } = await begin();
    expect(await newest.join(votesOf(1))).toBe(true);
    await redis.rpush(`${key}:logs`, "{");
    await expect(readJoined(redis, key, { progress: 1 })).rejects.toThrow(VoteJobError);
    await redis.del(`${key}:logs`);
    await expect(readJoined(redis, key, { progress: 1 })).rejects.toThrow("not there");
    await end();
  });
});
