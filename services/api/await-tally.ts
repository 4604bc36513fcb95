/** `Prefer: wait`: waits until a vote is in the totals. */
import { setTimeout as pause } from "node:timers/promises";
import type { PageCounts } from "../../shared/contract/counts.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { readCounts } from "../../shared/tallies/read-counts.ts";
import { readRecord } from "../../shared/tallies/read-record.ts";
import type { AdmittedVote } from "../../shared/votes/admit-vote.ts";

/** Resolves to the counts with the vote in them, or to undefined when time runs out, the client goes or Redis does. */
export type AwaitTally = (
  site: Site,
  vote: AdmittedVote,
  wait_s: number,
  gone: AbortSignal,
) => Promise<PageCounts | undefined>;

/** Past this many a preference is not honoured (which RFC 7240 allows), so that waiting cannot fill the process. */
const WAITERS_MAX = 500;

const FIRST_LOOK_MS = 2;
const LOOKS_MS_MAX = 50;

/**
 * The voter's record tells: once its time is the vote's or later, the vote has been tallied (or a newer one of the same
 * voter has taken its place). Looking is cheaper than a second stream of completed jobs, and it cannot miss anything.
 */
export function openAwaitTally(redis: RedisConnection): AwaitTally {
  let waiters = 0;
  return async (site, { receipt, voter }, wait_s, gone) => {
    if (waiters >= WAITERS_MAX) return undefined;
    waiters++;
    try {
      const until_ms = performance.now() + wait_s * 1_000;
      for (let look_ms = FIRST_LOOK_MS; ; look_ms = Math.min(look_ms * 2, LOOKS_MS_MAX)) {
        const left_ms = until_ms - performance.now();
        if (left_ms <= 0 || gone.aborted) return undefined;
        await pause(Math.min(look_ms, left_ms));
        const record = await readRecord(redis, site.id, receipt.page, voter);
        if (record !== undefined && record.at >= receipt.at)
          return (await readCounts(redis, site, [receipt.page]))[0];
      }
    } catch {
      // The vote is stored; that its tally cannot be shown just now is no reason to refuse it.
      return undefined;
    } finally {
      waiters--;
    }
  };
}
