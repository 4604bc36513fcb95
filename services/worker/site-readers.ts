/**
 * Tells the networks that read a site from those that come for one of its pages, by a day's votes as far as this worker tallies them.
 * A network here is the first 14 bits of a source (shared/votes/source.ts): an IPv4 /24 or an IPv6 /48, and some others by chance.
 * Lost with the process, and on the next day, when sources have another key: then it says nothing of anybody for a while.
 */
import { HELD } from "../../shared/tallies/record.ts";
import type { TallyVote } from "../../shared/tallies/tally-page.ts";
import { Recent } from "../../shared/votes/recent.ts";
import { NEIGHBOURHOODS, neighbourhoodIn } from "../../shared/votes/source.ts";

const DAY_MS = 86_400_000;

/** Remembered at a time: 200 kB a site; 32 kB a page that is counted. */
const SITES_MAX = 64;
const PAGES_MAX = 1_000;

/** So many voters make a page's counts worth their memory: most pages never have as many. */
const COUNTED_FROM = 50;

/** Nothing is said of a network that the other pages cannot expect so many votes of: that it sent none may be chance. */
const EXPECTED_MIN = 20;

/**
 * A network is a stranger that sent the other pages a smaller part than this of what they can expect. Not less, because readers come
 * in bursts: a link goes round an office before anybody there has read anything else.
 */
const EXPECTED_SHARE = 0.1;

/** Nobody is a stranger who sent the others so many votes for each on the page: one that is new has had no time to get its share. */
const OTHERS_MAX = 2;

/** Which voters were counted: a bit for each of the first 20 bits of a pseudonym. */
const SEEN_DIGITS = 5;
const SEEN_BITS = 16 ** SEEN_DIGITS;

class SiteCount {
  readonly byNetwork = new Uint32Array(NEIGHBOURHOODS);
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

class PageCount {
  /** Networks of the first voters. */
  #first: number[] = [];
  #byNetwork: Uint16Array | undefined;

  /** Voters by network, of a page that has enough of them. */
  get byNetwork(): Uint16Array | undefined {
    return this.#byNetwork;
  }

  add(network: number): void {
    if (this.#byNetwork !== undefined) {
      this.#byNetwork[network] = Math.min(0xffff, (this.#byNetwork[network] ?? 0) + 1);
      return;
    }
    this.#first.push(network);
    if (this.#first.length < COUNTED_FROM) return;
    this.#byNetwork = new Uint16Array(NEIGHBOURHOODS);
    for (const one of this.#first) this.add(one);
    this.#first = [];
  }
}

export class SiteReaders {
  #day = 0;
  #sites = new Recent<SiteCount>(SITES_MAX);
  #pages = new Recent<PageCount>(PAGES_MAX);

  /** Counts the voters of a page, each once, by the networks of their votes. */
  note(site: string, page: string, votes: readonly TallyVote[]): void {
    // Whoever withdraws says nothing, and what comes held, or is not to be held, comes from an import or where limits are off.
    const judged = votes.filter(({ reaction }) => reaction !== null && reaction < HELD);
    const newest = judged.reduce((at, vote) => Math.max(at, vote.at), 0);
    if (judged.length === 0 || dayOf(newest) < this.#day) return;
    if (dayOf(newest) > this.#day) {
      this.#day = dayOf(newest);
      this.#sites = new Recent(SITES_MAX);
      this.#pages = new Recent(PAGES_MAX);
    }
    const siteCount = this.#sites.get(site) ?? new SiteCount();
    this.#sites.set(site, siteCount);
    const pageCount = this.#pages.get(nameOf(site, page)) ?? new PageCount();
    this.#pages.set(nameOf(site, page), pageCount);
    for (const { voter, source } of judged) {
      if (!siteCount.see(voter)) continue;
      const network = neighbourhoodIn(source);
      siteCount.byNetwork[network] = (siteCount.byNetwork[network] ?? 0) + 1;
      pageCount.add(network);
    }
  }

  /**
   * The networks that vote on a page and hardly on the site's others: a bit each, the first network's the highest of the first
   * byte, as Redis numbers them. undefined while the page has too few voters to say.
   */
  strangersOf(site: string, page: string): Buffer | undefined {
    const all = this.#sites.get(site)?.byNetwork;
    const here = this.#pages.get(nameOf(site, page))?.byNetwork;
    if (all === undefined || here === undefined) return undefined;
    const ratio = othersForEach(here, all);
    const least = Math.min(EXPECTED_SHARE * ratio, OTHERS_MAX);
    const strangers = Buffer.alloc(NEIGHBOURHOODS / 8);
    for (const [network, voters] of here.entries()) {
      const others = (all[network] ?? 0) - voters;
      if (ratio * voters < EXPECTED_MIN || others >= least * voters) continue;
      strangers[network >> 3] = (strangers[network >> 3] ?? 0) | (0x80 >> (network & 7));
    }
    return strangers;
  }
}

/**
 * Voters on the site's other pages for each on the page, by networks that send it no more than chance explains: a raid is not to say
 * what may be expected.
 */
function othersForEach(here: Uint16Array, all: Uint32Array): number {
  const mean = here.reduce((sum, voters) => sum + voters, 0) / here.length;
  const usual = mean + 3 * Math.sqrt(mean) + 1;
  let [voters, others] = [0, 0];
  for (const [network, count] of here.entries()) {
    if (count > usual) continue;
    voters += count;
    others += (all[network] ?? 0) - count;
  }
  return voters === 0 ? 0 : others / voters;
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

function nameOf(site: string, page: string): string {
  return `${site}\n${page}`;
}
