/** How many pages a network may open: each costs memory for ever. Counted in each process, in bounded memory. */
import { type QuotaPolicy, TooFast } from "../contract/problems.ts";
import type { Site } from "../runtime/site-settings.ts";
import { Recent } from "./recent.ts";
import { ipv6NeighbourhoodOf, NETWORKS_A_NEIGHBOURHOOD, networkOf } from "./source.ts";

/** Networks and pages remembered. */
const KNOWN_MAX = 20_000;

const MINUTE_MS = 60_000;

export class NewPages {
  readonly #minutes = new Recent<{ readonly minute: number; count: number }>(KNOWN_MAX);
  /** Until the first vote is tallied everybody's votes on a page seem to open it; only the first one does. */
  readonly #opened = new Recent<true>(KNOWN_MAX);

  /**
   * Counts `page` for the network of `address`, and for its IPv6 neighbourhood, unless somebody has opened it already.
   * @throws TooFast when one of them has opened too many in this minute: then nothing is counted
   */
  take(site: Site, page: string, address: string, now_ms = performance.now()): void {
    const name = `${site.id}\n${page}`;
    if (this.#opened.get(name) === true) return;
    const minute = Math.floor(now_ms / MINUTE_MS);
    const quota = site.limits.newPagesAMinute;
    const counts = [this.#count(site, "network", networkOf(address), quota, minute)];
    const neighbourhood = ipv6NeighbourhoodOf(address);
    if (neighbourhood !== undefined)
      counts.push(
        this.#count(site, "neighbourhood", neighbourhood, quota * NETWORKS_A_NEIGHBOURHOOD, minute),
      );
    for (const { who, count } of counts) this.#minutes.set(who, { minute, count: count + 1 });
    this.#opened.set(name, true);
  }

  /** Forgets the networks that opened nothing since the last time; called less often than once a minute. */
  age(): void {
    this.#minutes.age();
  }

  /** Who is counted, and how many there were. */
  #count(site: Site, kind: string, name: string, quota: number, minute: number) {
    const who = `${site.id}\n${name}`;
    const known = this.#minutes.get(who);
    const count = known?.minute === minute ? known.count : 0;
    const policy: QuotaPolicy = { name: `pages-of-${kind}`, quota, window_s: MINUTE_MS / 1_000 };
    if (count >= quota) throw new TooFast("pages_too_fast", policy, MINUTE_MS / 1_000);
    return { who, count };
  }
}
