/** `SITES_FILE`: sites that whoever runs the service wrote down. */
import { readFileSync } from "node:fs";
import { ConfigError } from "./config.ts";
import { parseSites, type Site } from "./site-settings.ts";

export class SitesFile {
  readonly #file: string;
  /** What was read last, faulty or not; undefined: nothing could be. */
  #seen: string | undefined = "";

  /** @param file path of a JSON list of sites (docs/SITES.md) */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Reads the file again. A fault is told once for each content that has it.
   * @returns its sites, or undefined when it is as it was
   * @throws ConfigError when it cannot be read or is not such a list
   */
  look(): readonly Site[] | undefined {
    const text = readText(this.#file);
    if (text === this.#seen) return undefined;
    this.#seen = text;
    if (text === undefined) throw unreadable(this.#file, "a file that cannot be read");
    return sitesIn(text, this.#file);
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
