import { now_ms } from "./clock.ts";
import type { History } from "./history.ts";
import { percentile } from "./percentile.ts";

/**
 * Of votes over HTTP that were asked for since `since_ms` (Unix ms), ms. One that is still waited for takes as long as it has
 * been, at least, and one that was not accepted takes forever; those who would rather wait for the tally are left out.
 * @throws RangeError when no vote was asked for
 */
export function voteP99_ms({ votes, underWay }: History, since_ms: number): number {
  const isMeant = (vote: {
    readonly road: string;
    readonly began_ms: number;
    readonly waits?: true;
  }): boolean => vote.began_ms >= since_ms && vote.road === "http" && vote.waits !== true;
  const took_ms = votes
    .filter(isMeant)
    .map(({ outcome, began_ms, ended_ms }) =>
      outcome === "accepted" ? ended_ms - began_ms : Number.POSITIVE_INFINITY,
    );
  const waited_ms = [...underWay].filter(isMeant).map(({ began_ms }) => now_ms() - began_ms);
  return percentile([...took_ms, ...waited_ms], 99);
}

/** How many times as long votes took as before; no number where nothing sound went before. */
export function timesBefore(meanwhile_ms: number, before_ms: number): number {
  return Number.isFinite(before_ms) && before_ms > 0 ? meanwhile_ms / before_ms : Number.NaN;
}
