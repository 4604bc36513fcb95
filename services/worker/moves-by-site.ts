/** Sums up by page and site what the calls of a job moved. */
import type { PageMove } from "../../shared/tallies/add-heat.ts";
import type { TallyResult } from "../../shared/tallies/tally-page.ts";

/** What a job changed, by site; nothing when it was a repetition. */
export type MovesBySite = ReadonlyMap<string, readonly PageMove[]>;

interface Call {
  readonly site: string;
  readonly page: string;
  readonly votes: readonly { readonly at: number }[];
}

/**
 * A page of several calls comes once.
 * @param results of the calls, in their order
 */
export function movesBySite(
  calls: readonly Call[],
  results: readonly Pick<TallyResult, "moved">[],
): MovesBySite {
  const sites = new Map<string, Map<string, PageMove>>();
  for (const [index, { site, page, votes }] of calls.entries()) {
    const moved = results[index]?.moved ?? [];
    if (moved.every((change) => change === 0)) continue;
    const pages = sites.get(site) ?? new Map<string, PageMove>();
    const before = pages.get(page);
    pages.set(page, {
      page,
      at: votes.reduce((newest, { at }) => Math.max(newest, at), before?.at ?? 0),
      moved: moved.map((change, reaction) => change + (before?.moved[reaction] ?? 0)),
    });
    sites.set(site, pages);
  }
  return new Map([...sites].map(([site, pages]) => [site, [...pages.values()]]));
}
