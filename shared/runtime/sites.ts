/**
 * The sites that this service serves: those of `SITES_FILE`, and those that were put through the API. Where both name a site,
 * the file's word holds. A service that was never told of any serves one open site named `default`.
 */
import type { SiteOrigin } from "../contract/sites.ts";
import { type Config, ConfigError, isLoopback } from "./config.ts";
import { OPEN_SITE, reorderings, type Site } from "./site-settings.ts";
import { SitesFile } from "./sites-file.ts";

export type { ReactingSite, Site } from "./site-settings.ts";

/** Sites by id. A Map, so that no site id can reach a prototype. */
export interface Sites extends ReadonlyMap<string, Site> {
  /** False until Redis has told which sites were put through the API: one that is missing may be there then. */
  readonly complete: boolean;
}

/** Told of the sites that are not what they were, or no more. */
export type OnSitesChanged = (ids: ReadonlySet<string>) => void;

/** A site that anybody may vote on is for this machine, or for those who ask for it. */
export function mayBeOpen({ host, open, publish }: Pick<Config, "host" | "open" | "publish">): boolean {
  // In a container HOST is its own address, and says nothing of where it is published.
  return open || isLoopback(publish === undefined ? host : hostIn(publish));
}

/** The host of `host:port` as Docker takes it; without one it is every address. */
function hostIn(publish: string): string {
  return /^\[?(.*?)\]?:\d*$/.exec(publish)?.[1] ?? "0.0.0.0";
}

/** Why a service that others can reach does nothing before a site is named. */
export function openByAccident(host: string): string {
  return `SITES_FILE: expected a file of sites, or a site that was put before, because HOST is ${JSON.stringify(host)}, got neither. To let everybody vote on everything, or to put the first site, say --open or OPEN=on`;
}

class SiteMap extends Map<string, Site> implements Sites {
  complete = false;
}

/** All sites as they are written down now; whoever holds `sites` sees each change. */
export class SiteBook {
  readonly #file: SitesFile | undefined;
  readonly #sites = new SiteMap();
  readonly #listeners: OnSitesChanged[] = [];
  #filed: readonly Site[] = [];
  #stored: readonly Site[] = [];
  readonly #mayBeOpen: boolean;
  #neverNamed = false;
  #faults: readonly string[] = [];

  /**
   * @param file path of a JSON list of sites; undefined: there is none
   * @param mayBeOpen whether the open site is served as long as no other was named
   * @throws ConfigError when the file cannot be read or is not such a list
   */
  constructor(file: string | undefined, mayBeOpen = true) {
    this.#mayBeOpen = mayBeOpen;
    this.#file = file === undefined ? undefined : new SitesFile(file);
    this.lookAtFile();
  }

  get sites(): Sites {
    return this.#sites;
  }

  /** Whether nobody ever named a site; false as well until Redis has told. */
  get neverNamed(): boolean {
    return this.#neverNamed;
  }

  /** Sites of the file that are served, the same list until the file is taken over anew. */
  get filed(): readonly Site[] {
    return this.#filed;
  }

  /** What is wrong with the file whose sites are not served; nothing, mostly. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Serves nothing of the file until it changes: its lists of reactions are not those that votes were taken under. */
  refuseFile(faults: readonly string[]): void {
    this.#faults = faults;
    this.#filed = [];
    this.#merge();
  }

  /** Where a site that is served comes from. */
  originOf(id: string): SiteOrigin | undefined {
    if (this.#filed.some((site) => site.id === id)) return "file";
    if (this.#stored.some((site) => site.id === id)) return "api";
    return this.#sites.has(id) ? "open" : undefined;
  }

  /** Calls `listener` after every change. */
  onChange(listener: OnSitesChanged): void {
    this.#listeners.push(listener);
  }

  /**
   * Reads the file again and takes over what changed.
   * @returns whether something changed
   * @throws ConfigError when the file is faulty: then everything stays as it was
   */
  lookAtFile(): boolean {
    const rows = this.#file?.look();
    if (rows === undefined) return false;
    const faults = rows.flatMap((site) => reorderings(this.#sites.get(site.id), site));
    if (faults.length > 0) throw new ConfigError(faults.map((fault) => `SITES_FILE: ${fault}`));
    this.#filed = rows;
    this.#faults = [];
    return this.#merge();
  }

  /**
   * Takes over the sites that were put through the API.
   * @param begun whether there ever was one: then the open site does not come back when the last of them is removed
   * @returns whether something changed
   */
  takeStored(rows: readonly Site[], begun: boolean): boolean {
    this.#stored = rows;
    this.#neverNamed = !begun && this.#file === undefined;
    this.#sites.complete = true;
    return this.#merge();
  }

  #merge(): boolean {
    const wanted = new Map([...this.#stored, ...this.#filed].map((site) => [site.id, site]));
    // Not before Redis has told that there is no other: a site that anybody may vote on must not be there for a moment.
    if (this.#neverNamed && this.#mayBeOpen) wanted.set(OPEN_SITE.id, OPEN_SITE);
    const changed = new Set([...this.#sites.keys()].filter((id) => !wanted.has(id)));
    for (const id of changed) this.#sites.delete(id);
    for (const [id, site] of wanted) {
      if (JSON.stringify(this.#sites.get(id)) === JSON.stringify(site)) continue;
      changed.add(id);
      this.#sites.set(id, site);
    }
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed);
    return changed.size > 0;
  }
}
