/** What a call of the tally did is told once, whatever fails after it. */
import { describe, expect, it, onTestFinished } from "vitest";
import { callTally } from "../../services/worker/call-tally.ts";
import { whenConnected } from "../../shared/runtime/redis-connections.ts";
import { TooFewReplicasError } from "../../shared/runtime/replicas.ts";
import type { CallResult } from "../../shared/tallies/tally-page.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { freshPage } from "../support/reader.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis } from "../support/test-redis.ts";

/** Votes on a new page in a Redis without a replica, and what a worker is told of them. */
async function begin() {
  const place = await startTestRedis();
  const { redis, lifecycle } = openTestRedis("worker", place.url);
  onTestFinished(async () => {
    await lifecycle.stop();
    await place.stop();
  });
  await whenConnected(redis);
  const page = freshPage();
  const votes: readonly AcceptedVote[] = ["1", "2"].map((voter) => ({
    ...{ site: "default", page, voter: voter.padStart(16, "0") },
    ...{ reaction: 0, at: Date.now(), source: 1 },
  }));
  const heard: CallResult[] = [];
  const told = (result: CallResult): void => void heard.push(result);
  const tally = (replicas_min: number, askRules = async () => ({ rules: [], moves: [] })) =>
    callTally(redis, "default", page, votes, { replicas_min, askRules, told });
  return { heard, tally };
}

const applied = (heard: readonly CallResult[]): readonly number[] => heard.map((result) => result.applied);

describe("a tally", () => {
  it("V95: is told although too few replicas have it", async () => {
    const { heard, tally } = await begin();
    await expect(tally(1)).rejects.toThrow(TooFewReplicasError);
    expect(heard).toMatchObject([{ applied: 2, moved: [2, 0, 0, 0, 0, 0, 0, 0], changes: [{}] }]);
    await tally(0);
    expect(applied(heard)).toEqual([2, 0]);
  });

  it("V95: is told although the rules cannot be asked", async () => {
    const { heard, tally } = await begin();
    await expect(tally(0, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    await tally(0);
    expect(applied(heard)).toEqual([2, 0]);
  });
});
