/** The sites that this service serves: from `SITES_FILE`, or one open site named `default`. */
import { readFileSync } from "node:fs";
import { type Config, ConfigError, isLoopback } from "./config.ts";
import { OPEN_SITE, parseSites, type Site } from "./site-settings.ts";

export type { ReactingSite, Site } from "./site-settings.ts";

/** Sites by id. A Map, so that no site id can reach a prototype. */
export type Sites = ReadonlyMap<string, Site>;

/** Told of the sites that are not what they were, or no more. */
export type OnSitesChanged = (ids: ReadonlySet<string>) => void;

/**
 * A site that anybody may vote on is for this machine, or for those who ask for it.
 * @throws ConfigError when the service could be reached from elsewhere and no sites are named
 */
export function checkOpenOnPurpose(config: Pick<Config, "host" | "sitesFile" | "open">): void {
  if (config.sitesFile !== undefined || config.open || isLoopback(config.host)) return;
  throw new ConfigError([
    `SITES_FILE: expected a file of sites because HOST is ${JSON.stringify(config.host)}, got nothing. To let everybody vote on everything, say --open or OPEN=on`,
  ]);
}

/** The sites as they are written down now; whoever holds `sites` sees each change. */
export class SitesFile {
  readonly #file: string | undefined;
  readonly #sites = new Map<string, Site>();
  readonly #listeners: OnSitesChanged[] = [];
  /** What was read last, faulty or not; undefined: nothing could be. */
  #seen: string | undefined = "";

  /**
   * @param file path of a JSON list of sites (README, "Sites"); undefined for the one open site
   * @throws ConfigError when the file cannot be read or is not such a list
   */
  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined) this.#sites.set(OPEN_SITE.id, OPEN_SITE);
    else this.look();
  }

  get sites(): Sites {
    return this.#sites;
  }

  /** Calls `listener` after every change. */
  onChange(listener: OnSitesChanged): void {
    this.#listeners.push(listener);
  }

  /**
   * Reads the file again and takes over what changed. A fault is told once for each content that has it.
   * @returns whether something changed
   * @throws ConfigError when the file is faulty: then everything stays as it was
   */
  look(): boolean {
    if (this.#file === undefined) return false;
    const text = readText(this.#file);
    if (text === this.#seen) return false;
    this.#seen = text;
    if (text === undefined) throw unreadable(this.#file, "a file that cannot be read");
    const rows = sitesIn(text, this.#file);
    const faults = rows.flatMap((site) => reorderings(this.#sites.get(site.id), site));
    if (faults.length > 0) throw new ConfigError(faults);
    this.#replace(rows);
    return true;
  }

  #replace(rows: readonly Site[]): void {
    const kept = new Set(rows.map(({ id }) => id));
    const changed = new Set([...this.#sites.keys()].filter((id) => !kept.has(id)));
    for (const id of changed) this.#sites.delete(id);
    for (const site of rows) {
      if (JSON.stringify(this.#sites.get(site.id)) === JSON.stringify(site)) continue;
      changed.add(site.id);
      this.#sites.set(site.id, site);
    }
    for (const listener of this.#listeners) listener(changed);
  }
}

function sitesIn(text: string, file: string): readonly Site[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(file, "no JSON");
  }
  const parsed = parseSites(value);
  if ("faults" in parsed) throw new ConfigError(parsed.faults.map((fault) => `SITES_FILE: ${fault}`));
  return parsed;
}

/** Records hold a reaction's place in the list, so votes would change their meaning. */
function reorderings(before: Site | undefined, now: Site): readonly string[] {
  if (before === undefined || before.reactions.every((name, index) => now.reactions[index] === name))
    return [];
  return [
    `SITES_FILE: expected the reactions of ${now.id} to begin with ${before.reactions.join(", ")}, got ${now.reactions.join(", ")}`,
  ];
}

/** What the file holds; undefined when it cannot be read. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function unreadable(file: string, got: string): ConfigError {
  return new ConfigError([
    `SITES_FILE: expected a JSON list of sites, got ${got} at ${JSON.stringify(file)}`,
  ]);
}
