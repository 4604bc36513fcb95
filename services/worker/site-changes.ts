/** Adds up what happens on a site's pages and tells the site twice a second: one script call, however many votes and pages. */
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { repeat } from "../../shared/runtime/repeat.ts";
import { addToSite } from "../../shared/tallies/add-to-site.ts";
import type { TallyResult } from "../../shared/tallies/tally-page.ts";

const PAUSE_MS = 500;

/** Takes note of what one call of the tally script did. */
export type NoteChanges = (site: string, result: Pick<TallyResult, "applied" | "changes">) => void;

interface Sums {
  applied: number;
  /** Net change of each reaction by minute. */
  readonly minutes: Map<number, number[]>;
}

/** The pure part: sums by site and minute, until they are taken. */
export class SiteSums {
  #sites = new Map<string, Sums>();

  readonly note: NoteChanges = (site, { applied, changes }) => {
    if (applied === 0) return;
    const sums = this.#sites.get(site) ?? { applied: 0, minutes: new Map<number, number[]>() };
    this.#sites.set(site, sums);
    sums.applied += applied;
    for (const { minute, moved } of changes) {
      const before = sums.minutes.get(minute) ?? [];
      sums.minutes.set(
        minute,
        moved.map((change, reaction) => change + (before[reaction] ?? 0)),
      );
    }
  };

  /** What was noted since the last time. */
  take(): ReadonlyMap<string, Sums> {
    const taken = this.#sites;
    this.#sites = new Map();
    return taken;
  }
}

/** Begins to tell; what is left is told when the lifecycle stops. Open it before whatever notes, so that it closes after. */
export function openSiteChanges(
  redis: RedisConnection,
  lifecycle: Lifecycle,
  report: (error: unknown) => void,
): NoteChanges {
  const sums = new SiteSums();
  const tell = async (): Promise<void> => {
    const told = [...sums.take()].map(([site, { applied, minutes }]) =>
      addToSite(
        redis,
        site,
        [...minutes].map(([minute, moved]) => ({ minute, moved })),
        applied,
      ).catch(report),
    );
    await Promise.all(told);
  };
  lifecycle.onStop("last changes of sites", tell);
  repeat("changes of sites", PAUSE_MS, tell, lifecycle, report);
  return sums.note;
}
