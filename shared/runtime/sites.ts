/** The sites that this service serves: from `SITES_FILE`, or one open site named `default`. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { DEFAULT_REACTIONS, isReactionName, MAX_REACTIONS, type ReactionSet } from "../contract/reactions.ts";
import { isSiteId } from "../contract/site-id.ts";
import { ConfigError } from "./config.ts";

/** One publication. */
export interface Site {
  readonly id: string;
  readonly name: string;
  /** A reaction's place in this list is what records hold: append to it, never reorder it. */
  readonly reactions: ReactionSet;
}

/** Sites by id. A Map, so that no site id can reach a prototype. */
export type Sites = ReadonlyMap<string, Site>;

const SiteRow = z.strictObject({
  id: z.string().refine(isSiteId, "expected lower-case letters, digits and hyphens, at most 63"),
  name: z.string().min(1).max(200),
  reactions: z
    .array(z.string().refine(isReactionName, "expected lower-case words joined by hyphens"))
    .min(1)
    .max(MAX_REACTIONS)
    .refine((names) => new Set(names).size === names.length, "expected no name twice")
    .default([...DEFAULT_REACTIONS]),
});

const SitesFile = z
  .array(SiteRow)
  .min(1)
  .refine((rows) => new Set(rows.map((row) => row.id)).size === rows.length, "expected no id twice");

const OPEN_SITE: Site = { id: "default", name: "Default", reactions: DEFAULT_REACTIONS };

/**
 * Reads the sites once, at start.
 * @param file path of a JSON list of `{ id, name, reactions? }`; undefined for the one open site
 * @throws ConfigError when the file cannot be read or is not such a list
 */
export function readSites(file: string | undefined): Sites {
  if (file === undefined) return new Map([[OPEN_SITE.id, OPEN_SITE]]);
  const parsed = SitesFile.safeParse(readJson(file));
  if (parsed.success) return new Map(parsed.data.map((site) => [site.id, site]));
  throw new ConfigError(
    parsed.error.issues.map(
      (issue) => `SITES_FILE: ${issue.message} at ${issue.path.join(".") || "the top"}`,
    ),
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "no JSON" : "a file that cannot be read";
    throw new ConfigError([
      `SITES_FILE: expected a JSON list of sites, got ${why} at ${JSON.stringify(file)}`,
    ]);
  }
}
