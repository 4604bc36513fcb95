/** How many pages a network may open: each costs memory for ever. Counted in each process, in bounded memory. */
import type { Site } from "../runtime/site-settings.ts";
import { Recent } from "./recent.ts";

/** Networks and pages remembered. */
const KNOWN_MAX = 20_000;

const MINUTE_MS = 60_000;

export class NewPages {
  readonly #minutes = new Recent<{ readonly minute: number; count: number }>(KNOWN_MAX);
  /** Until the first vote is tallied everybody's votes on a page seem to open it; only the first one does. */
  readonly #opened = new Recent<true>(KNOWN_MAX);

  /**
   * Counts `page` for `network`, unless somebody has opened it already.
   * @returns false when the network has opened too many in this minute: then nothing is counted
   */
  take(site: Site, page: string, network: string, now_ms = performance.now()): boolean {
    const name = `${site.id}\n${page}`;
    if (this.#opened.get(name) === true) return true;
    const minute = Math.floor(now_ms / MINUTE_MS);
    const who = `${site.id}\n${network}`;
    const known = this.#minutes.get(who);
    const count = known?.minute === minute ? known.count : 0;
    if (count >= site.limits.newPagesAMinute) return false;
    this.#minutes.set(who, { minute, count: count + 1 });
    this.#opened.set(name, true);
    return true;
  }

  /** Forgets the networks that opened nothing since the last time; called less often than once a minute. */
  age(): void {
    this.#minutes.age();
  }
}
