/** Counts whose networks read which pages of a site, and tells pages their strangers: one command a page every ten seconds. */
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { repeat } from "../../shared/runtime/repeat.ts";
import type { TallyVote } from "../../shared/tallies/tally-page.ts";
import { tellStrangers } from "../../shared/tallies/tell-strangers.ts";
import { SiteReaders } from "./site-readers.ts";

const PAUSE_MS = 10_000;

/** Pages that are told at a time; past it the rest are told the next time that they get a vote. */
const PAGES_MAX = 1_000;

/** Takes note of the votes of one page. */
export type NoteReaders = (site: string, page: string, votes: readonly TallyVote[]) => void;

export function openNoteReaders(
  redis: RedisConnection,
  lifecycle: Lifecycle,
  report: (error: unknown) => void,
): NoteReaders {
  const readers = new SiteReaders();
  let voted = new Map<string, readonly [string, string]>();
  const tell = async (): Promise<void> => {
    const pages = [...voted.values()];
    voted = new Map();
    for (const [site, page] of pages) {
      const strangers = readers.strangersOf(site, page);
      if (strangers !== undefined) await tellStrangers(redis, site, page, strangers);
    }
  };
  repeat("readers", PAUSE_MS, tell, lifecycle, report);
  return (site, page, votes) => {
    readers.note(site, page, votes);
    if (voted.size < PAGES_MAX) voted.set(`${site}\n${page}`, [site, page]);
  };
}
