/**
 * Tells the networks that read a site from those that come for one of its pages, by a day's votes as far as this worker tallies them.
 * A network here is the first 18 bits of a source (shared/votes/source.ts): an IPv4 /24 or an IPv6 /48, and another one by rare chance.
 * Lost with the process, and on the next day, when sources have another key: then it says nothing of anybody for a while.
 */
import { LRUCache } from "lru-cache";
import { HELD } from "../../shared/tallies/record.ts";
import type { TallyVote } from "../../shared/tallies/tally-page.ts";
import { firstSourceOf, neighbourhoodIn } from "../../shared/votes/source.ts";

const DAY_MS = 86_400_000;

/** Remembered at a time: 128 kB a site, and all together so many networks of sites and as many of pages, 30 to 60 bytes each. */
const SITES_MAX = 64;
const PAGES_MAX = 1_000;
const NETWORKS_MAX = 1_000_000;

/** So many voters make a page's counts say something: most pages never have more. */
const COUNTED_FROM = 50;

/** Strangers that a page is told at most: three bytes each. */
const STRANGERS_MAX = 4_096;

/** Nothing is said of a network that the other pages cannot expect so many votes of: that it sent none may be chance. */
const EXPECTED_MIN = 20;

/**
 * A network is a stranger that sent the other pages a smaller part than this of what they can expect. Not less, because readers come
 * in bursts: a link goes round an office before anybody there has read anything else.
 */
const EXPECTED_SHARE = 0.1;

/** Nobody is a stranger who sent the others so many votes for each on the page: one that is new has had no time to get its share. */
const OTHERS_MAX = 2;

/** Networks of a large page's readers, more or less: what a page's voters make of each is usual. */
const USUAL_NETWORKS = 16_384;

/** Which voters were counted: a bit for each of the first 20 bits of a pseudonym. */
const SEEN_DIGITS = 5;
const SEEN_BITS = 16 ** SEEN_DIGITS;

/** Voters by network. */
class NetworkCounts {
  readonly #counts = new Map<number, number>();
  #voters = 0;

  get voters(): number {
    return this.#voters;
  }

  /** Networks, and one more: what it weighs. */
  get weight(): number {
    return this.#counts.size + 1;
  }

  add(network: number): void {
    this.#counts.set(network, this.of(network) + 1);
    this.#voters++;
  }

  of(network: number): number {
    return this.#counts.get(network) ?? 0;
  }

  /** Each network that has voters, and how many. */
  all(): Iterable<readonly [number, number]> {
    return this.#counts;
  }
}

class SiteCount extends NetworkCounts {
  readonly #seen = new Uint8Array(SEEN_BITS / 8);
  #seenCount = 0;

  /** Whether this voter is new, as far as is remembered: one who thinks again, or whose job is tallied twice, is not. */
  see(voter: string): boolean {
    const bit = Number.parseInt(voter.slice(0, SEEN_DIGITS), 16);
    const before = this.#seen[bit >> 3] ?? 0;
    const after = before | (1 << (bit & 7));
    if (after === before) return false;
    if (this.#seenCount++ > SEEN_BITS / 2) {
      this.#seen.fill(0);
      this.#seenCount = 1;
    }
    this.#seen[bit >> 3] = after;
    return true;
  }
}

export class SiteReaders {
  #day = 0;
  readonly #sites: LRUCache<string, SiteCount>;
  readonly #pages: LRUCache<string, NetworkCounts>;

  /** @param networks_max networks remembered of all sites, and again of all pages */
  constructor(networks_max = NETWORKS_MAX) {
    this.#sites = new LRUCache({ max: SITES_MAX, maxSize: networks_max });
    this.#pages = new LRUCache({ max: PAGES_MAX, maxSize: networks_max });
  }

  /** Counts the voters of a page, each once, by the networks of their votes. */
  note(site: string, page: string, votes: readonly TallyVote[]): void {
    // Whoever withdraws says nothing, and what comes held, or is not to be held, comes from an import or where limits are off.
    const judged = votes.filter(({ reaction }) => reaction !== null && reaction < HELD);
    const newest = judged.reduce((at, vote) => Math.max(at, vote.at), 0);
    if (judged.length === 0 || dayOf(newest) < this.#day) return;
    if (dayOf(newest) > this.#day) {
      this.#day = dayOf(newest);
      this.#sites.clear();
      this.#pages.clear();
    }
    const siteCount = this.#sites.get(site) ?? new SiteCount();
    const pageCount = this.#pages.get(nameOf(site, page)) ?? new NetworkCounts();
    // Else they would not be weighed anew when they are put back.
    this.#sites.delete(site);
    this.#pages.delete(nameOf(site, page));
    for (const { voter, source } of judged) {
      if (!siteCount.see(voter)) continue;
      const network = neighbourhoodIn(source);
      siteCount.add(network);
      pageCount.add(network);
    }
    this.#sites.set(site, siteCount, { size: siteCount.weight });
    this.#pages.set(nameOf(site, page), pageCount, { size: pageCount.weight });
  }

  /**
   * The networks that vote on a page and hardly on the site's others, by their first sources, those with most voters first. undefined
   * while the page has too few voters to say.
   */
  strangersOf(site: string, page: string): readonly number[] | undefined {
    const all = this.#sites.get(site);
    const here = this.#pages.get(nameOf(site, page));
    if (all === undefined || here === undefined || here.voters < COUNTED_FROM) return undefined;
    const ratio = othersForEach(here, all);
    const least = Math.min(EXPECTED_SHARE * ratio, OTHERS_MAX);
    return [...here.all()]
      .filter(
        ([network, voters]) => ratio * voters >= EXPECTED_MIN && all.of(network) - voters < least * voters,
      )
      .sort(([, voters], [, others]) => others - voters)
      .slice(0, STRANGERS_MAX)
      .map(([network]) => firstSourceOf(network));
  }
}

/**
 * Voters on the site's other pages for each on the page, by networks that send it no more than chance explains: a raid is not to say
 * what may be expected.
 */
function othersForEach(here: NetworkCounts, all: NetworkCounts): number {
  const mean = here.voters / USUAL_NETWORKS;
  const usual = mean + 3 * Math.sqrt(mean) + 1;
  let [voters, everywhere] = [here.voters, all.voters];
  for (const [network, count] of here.all()) {
    if (count <= usual) continue;
    voters -= count;
    everywhere -= all.of(network);
  }
  return voters === 0 ? 0 : (everywhere - voters) / voters;
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

function nameOf(site: string, page: string): string {
  return `${site}\n${page}`;
}
