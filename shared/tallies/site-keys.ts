/**
 * Names of what Redis keeps of a whole site. All of them share one hash tag, so that a script can use them together on a
 * Cluster. Pages live in other slots.
 */
export interface SiteKeys {
  /** Hash: page id → title, URL and time of publication as JSON, filled by the publisher. */
  readonly pages: string;
  /** Sorted set of the same ids, all with score 0: their order, for listing them part by part. */
  readonly order: string;
  /** Hash: URL → the page that was registered with it last. */
  readonly urls: string;
  /** Hash: votes of all pages by index of the reaction; add-to-site.lua derives the keys of the timeline from it. */
  readonly totals: string;
  /** Stem of the keys under which count-newcomers.lua counts new voters. */
  readonly newcomers: string;
  /** Hash of a minute (its number since 1970): second → votes that changed their voter's record. */
  readonly pace: (minute: number) => string;
}

/** The keys of a site; add-heat.lua derives those of the hot lists from `pages`. */
export function siteKeys(site: string): SiteKeys {
  const tag = `{site:${site}}`;
  return {
    pages: `${tag}:pages`,
    order: `${tag}:order`,
    urls: `${tag}:urls`,
    totals: `${tag}:totals`,
    newcomers: `${tag}:newcomers`,
    pace: (minute) => `${tag}:pace:${minute}`,
  };
}

/** Sorted set of a site's hottest pages: page id → heat as heat.lua keeps it. */
export function hotKey(site: string, window: string, reaction: number | undefined): string {
  const name = `{site:${site}}:hot:${window}`;
  return reaction === undefined ? name : `${name}:${reaction}`;
}
