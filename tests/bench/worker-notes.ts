/**
 * What a worker tells Redis of its calls of the tally script, so that all keys that votes take are there: the list of known pages, the
 * site's totals and timeline, hot lists, pages with votes lately, pages that hold votes, and which networks are strangers to a page.
 */
import { openGatherHeat } from "../../services/worker/gather-heat.ts";
import { openNoteHolding } from "../../services/worker/note-holding.ts";
import { openSiteChanges } from "../../services/worker/site-changes.ts";
import { SiteReaders } from "../../services/worker/site-readers.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { noteActive } from "../../shared/tallies/active-pages.ts";
import { listPages } from "../../shared/tallies/known-pages.ts";
import type { TallyResult, TallyVote } from "../../shared/tallies/tally-page.ts";
import { tellStrangers } from "../../shared/tallies/tell-strangers.ts";

export function openWorkerNotes(redis: RedisConnection, site: string) {
  const lifecycle = new Lifecycle();
  const fail = (error: unknown): never => {
    throw error;
  };
  const noteChanges = openSiteChanges(redis, lifecycle, fail);
  const gatherHeat = openGatherHeat(redis, lifecycle, fail);
  const noteHolding = openNoteHolding(redis);
  const readers = new SiteReaders();
  const active = new Map<string, number>();
  return {
    /** After each call. */
    note: async (page: string, votes: readonly TallyVote[], result: TallyResult): Promise<void> => {
      const at = votes.reduce((newest, vote) => Math.max(newest, vote.at), 0);
      if (result.unlisted) await listPages(redis, site, [page]);
      noteChanges(site, result);
      gatherHeat(site, { page, at, moved: result.moved });
      readers.note(site, page, votes);
      active.set(page, at);
      await noteHolding(site, page, result.held);
    },
    /** Resolves once Redis was told everything. */
    end: async (): Promise<void> => {
      await lifecycle.stop();
      await noteActive(redis, site, active);
      for (const page of active.keys()) {
        const strangers = readers.strangersOf(site, page);
        if (strangers !== undefined) await tellStrangers(redis, site, page, strangers);
      }
    },
  };
}
