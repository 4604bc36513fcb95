/** Collects which pages get votes and tells Redis every few seconds: three commands a site, however many votes. */
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { repeat } from "../../shared/runtime/repeat.ts";
import { noteActive } from "../../shared/tallies/active-pages.ts";

const PAUSE_MS = 2_000;

/** Pages of a site between two tellings; past it the rest are told the next time that they get a vote. */
const PAGES_MAX = 1_000;

/** Takes note of votes; what a crash forgets is noted with the pages' next votes. */
export type NoteActivity = (site: string, page: string, at: number) => void;

export function openNoteActivity(
  redis: RedisConnection,
  lifecycle: Lifecycle,
  report: (error: unknown) => void,
): NoteActivity {
  let sites = new Map<string, Map<string, number>>();
  const tell = async (): Promise<void> => {
    const told = sites;
    sites = new Map();
    for (const [site, pages] of told) await noteActive(redis, site, pages);
  };
  repeat("activity", PAUSE_MS, tell, lifecycle, report);
  return (site, page, at) => {
    const pages = sites.get(site) ?? new Map<string, number>();
    sites.set(site, pages);
    if (pages.size < PAGES_MAX || pages.has(page)) pages.set(page, Math.max(at, pages.get(page) ?? 0));
  };
}
