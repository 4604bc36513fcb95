import { now_ms } from "./clock.ts";
import type { CountsSeen, History } from "./history.ts";
import { percentile } from "./percentile.ts";
import { viewerOf } from "./viewer-of.ts";

/**
 * How long after a vote's tally was told to its voter a viewer was sent it or something newer, ms: of all votes since `since_ms`
 * (Unix ms) whose voters waited for the tally, and of all viewers. One who was not sent it yet has waited until now.
 * @param viewers those who watch every page
 * @throws RangeError when no voter was told a tally, or nobody watches
 */
export function pushLagP99_ms(
  { votes, seen }: History,
  viewers: readonly string[],
  since_ms: number,
): number {
  const sent = new Map<string, CountsSeen[]>();
  for (const one of seen) {
    const name = `${viewerOf(one)}\n${one.counts.page}\n${one.counts.epoch}`;
    const list = sent.get(name);
    if (list === undefined) sent.set(name, [one]);
    else list.push(one);
  }
  const until_ms = now_ms();
  const lags_ms = votes.flatMap(({ began_ms, ended_ms, counts }) => {
    if (counts === undefined || began_ms < since_ms) return [];
    return viewers.map((viewer) => {
      const list = sent.get(`${viewer}\n${counts.page}\n${counts.epoch}`) ?? [];
      const first = list.find((one) => one.counts.rev >= counts.rev);
      return Math.max(0, (first?.seen_ms ?? until_ms) - ended_ms);
    });
  });
  return percentile(lags_ms, 99);
}
