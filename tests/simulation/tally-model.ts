/** What tally.lua does, as a Map: the newest vote of each voter, totals, a revision that grows when they move. */
import type { PageCounts } from "../../shared/contract/counts.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { SETTLED } from "../../shared/tallies/record.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import type { FinalRecord } from "../faults/rig/history.ts";

interface Page {
  readonly records: Map<string, AcceptedVote>;
  readonly totals: number[];
  rev: number;
}

export class TallyModel {
  readonly #pages = new Map<string, Page>();

  /** Applies the votes of one page; true when its counts moved. */
  apply(name: string, votes: readonly AcceptedVote[]): boolean {
    const page = this.#pages.get(name) ?? {
      records: new Map(),
      totals: DEFAULT_REACTIONS.map(() => 0),
      rev: 0,
    };
    this.#pages.set(name, page);
    const before = page.totals.join();
    for (const asked of votes) {
      // `SETTLED` only says that no vote is held; here none is.
      const vote = { ...asked, reaction: asked.reaction === null ? null : asked.reaction - SETTLED };
      const held = page.records.get(vote.voter);
      if (held !== undefined && vote.at < held.at) continue;
      move(page.totals, held?.reaction, -1);
      move(page.totals, vote.reaction, 1);
      page.records.set(vote.voter, vote);
    }
    if (page.totals.join() === before) return false;
    page.rev++;
    return true;
  }

  counts(name: string): PageCounts {
    const page = this.#pages.get(name);
    const counts = Object.fromEntries(
      DEFAULT_REACTIONS.map((reaction, i) => [reaction, page?.totals[i] ?? 0]),
    );
    const total = page?.totals.reduce((sum, count) => sum + count, 0) ?? 0;
    return {
      page: name,
      counts,
      total,
      epoch: page === undefined ? "" : "e",
      rev: page?.rev ?? 0,
      state: "open",
    };
  }

  get records(): readonly FinalRecord[] {
    return [...this.#pages].flatMap(([page, { records }]) =>
      [...records].map(([voter, { reaction, at }]) => {
        return {
          voter,
          page,
          reaction: reaction === null ? null : (DEFAULT_REACTIONS[reaction] ?? null),
          at,
        };
      }),
    );
  }
}

function move(totals: number[], reaction: number | null | undefined, by: number): void {
  if (reaction !== null && reaction !== undefined) totals[reaction] = (totals[reaction] ?? 0) + by;
}
