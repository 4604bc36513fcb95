import { callTally } from "../../services/worker/call-tally.ts";
import { tallyVotes } from "../../services/worker/tally-votes.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { TallyResult } from "../../shared/tallies/tally-page.ts";
import { type AcceptedVote, toVoteJob } from "../../shared/votes/vote-job.ts";

/**
 * Tallies votes as a worker tallies a job that comes out of Redis, without merging it with others.
 * @param then told what each call did
 */
export async function tallyJob(
  redis: RedisConnection,
  votes: readonly AcceptedVote[],
  then: (
    site: string,
    page: string,
    result: TallyResult,
    votes: readonly AcceptedVote[],
  ) => unknown = () => {},
): Promise<void> {
  await tallyVotes([JSON.parse(JSON.stringify(toVoteJob(votes)))], async (site, page, ofPage) => {
    await then(site, page, await callTally(redis, site, page, ofPage), ofPage);
  });
}
