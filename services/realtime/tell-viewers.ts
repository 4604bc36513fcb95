/** Counts this process's viewers by site and tells the others. */
import { randomBytes } from "node:crypto";
import { tellViewers } from "../../shared/live/viewers.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { repeat } from "../../shared/runtime/repeat.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import type { WatchedPages } from "./watched-pages.ts";

const PAUSE_MS = 5_000;

export interface TellViewersParts {
  readonly desk: VoteDesk;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly watched: Pick<WatchedPages, "viewers">;
  /** The sites of all open sockets, one each. */
  readonly sockets: () => Iterable<Site>;
}

/** Begins to tell; what was told is forgotten within 15 s after the lifecycle stopped. */
export function openTellViewers(
  { desk, redis, watched, sockets }: TellViewersParts,
  lifecycle: Lifecycle,
  report: (error: unknown) => void,
): void {
  const process = randomBytes(9).toString("base64url");
  let told = new Set<string>();
  const tell = async (): Promise<void> => {
    if (!desk.ready()) return;
    const counts = new Map<string, number>();
    for (const { id } of sockets()) counts.set(id, (counts.get(id) ?? 0) + 1);
    // A site whose last viewer left is told of once more.
    for (const site of new Set([...counts.keys(), ...told])) {
      const here = { sockets: counts.get(site) ?? 0, pages: watched.viewers(site) };
      await tellViewers(redis, site, process, here, desk.now_ms());
    }
    told = new Set(counts.keys());
  };
  repeat("viewers", PAUSE_MS, tell, lifecycle, report);
}
