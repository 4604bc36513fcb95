/**
 * Votes that the service took moments ago. It answers when a vote is on disk, and counts it a moment later: a bar that comes
 * back in between (a route that changes, an element that moves) would read what the voter held before, and show that.
 */

/** Longer than a vote waits for its tally on a service that is well. */
const RECENT_MS = 10_000;

const taken = new Map<string, { readonly reaction: string | null; readonly until_ms: number }>();

/** The service has this vote. */
export function noteVote(site: string, page: string, reaction: string | null): void {
  const now_ms = performance.now();
  for (const [name, { until_ms }] of taken) if (until_ms < now_ms) taken.delete(name);
  taken.set(`${site}\n${page}`, { reaction, until_ms: now_ms + RECENT_MS });
}

/** What the voter holds by a vote of the last seconds; undefined when there was none. */
export function recentVote(site: string, page: string): string | null | undefined {
  const vote = taken.get(`${site}\n${page}`);
  return vote !== undefined && performance.now() < vote.until_ms ? vote.reaction : undefined;
}

/** Whoever voted on this site is gone: what they hold is nobody else's. */
export function forgetVotes(site: string): void {
  for (const name of taken.keys()) if (name.startsWith(`${site}\n`)) taken.delete(name);
}
