/** What a publisher decides about a site, and how it is written down in JSON. */
import { z } from "zod";
import { DEFAULT_REACTIONS, isReactionName, MAX_REACTIONS, type ReactionSet } from "../contract/reactions.ts";
import { isSiteId } from "../contract/site-id.ts";
import { isOriginPattern } from "./site-origins.ts";
import { ANONYMOUS, VoterRow, type VoterRule } from "./voter-rule.ts";

/**
 * Who may open a page, that is cast its first vote. Pages that have votes take more from everybody.
 * - `anyone`: every page id is a page.
 * - `origin`: page ids that are URLs of the site's origins, or that match a pattern; `*` stands for anything in it.
 * - `registered`: pages that the publisher registered.
 * - `signed`: the vote carries the publisher's signature of the page id; any of the keys may have made it.
 */
export type PageRule =
  | { readonly open: "anyone" | "registered" }
  | { readonly open: "origin"; readonly patterns: readonly string[] }
  | { readonly open: "signed"; readonly keys: readonly string[] };

/** What it takes to name a site's counts. */
export interface ReactingSite {
  readonly id: string;
  /** A reaction's place in this list is what records hold: append to it, never reorder it. */
  readonly reactions: ReactionSet;
}

/** One publication. */
export interface Site extends ReactingSite {
  readonly name: string;
  /** Origins whose pages may vote, watch and frame; undefined: all. A `*.` stands for any subdomain. */
  readonly origins: readonly string[] | undefined;
  readonly pages: PageRule;
  readonly voters: VoterRule;
  readonly limits: {
    /** Pages that one network may open in a minute, in each process; only while `LIMITS` are on. */
    readonly newPagesAMinute: number;
  };
}

/** A feed of a busy day opened by one reader stays below; a script that invents pages does not. */
const NEW_PAGES_A_MINUTE = 60;

const Pages = z.discriminatedUnion("open", [
  z.strictObject({ open: z.enum(["anyone", "registered"]) }),
  z.strictObject({
    open: z.literal("origin"),
    patterns: z.array(z.string().min(1).max(512)).max(100).default([]),
  }),
  z.strictObject({ open: z.literal("signed"), keys: z.array(z.string().min(16).max(256)).min(1).max(8) }),
]);

const SiteRow = z
  .strictObject({
    id: z.string().refine(isSiteId, "expected lower-case letters, digits and hyphens, at most 63"),
    name: z.string().min(1).max(200),
    reactions: z
      .array(z.string().refine(isReactionName, "expected lower-case words joined by hyphens"))
      .min(1)
      .max(MAX_REACTIONS)
      .refine((names) => new Set(names).size === names.length, "expected no name twice")
      .default([...DEFAULT_REACTIONS]),
    origins: z
      .array(z.string().refine(isOriginPattern, "expected an origin like https://news.example"))
      .min(1)
      .max(100)
      .optional(),
    pages: Pages.optional(),
    voters: VoterRow.default(ANONYMOUS),
    limits: z
      .strictObject({ newPagesAMinute: z.int().min(1).max(1_000_000).default(NEW_PAGES_A_MINUTE) })
      .default({ newPagesAMinute: NEW_PAGES_A_MINUTE }),
  })
  .refine(
    ({ origins, pages }) => pages?.open !== "origin" || origins !== undefined || pages.patterns.length > 0,
    {
      message: "expected origins or patterns, or nobody could open a page",
      path: ["pages"],
    },
  )
  .transform(({ origins, pages, ...row }): Site => ({ ...row, origins, pages: pages ?? usualRule(origins) }));

/** Whoever names origins means those. */
function usualRule(origins: readonly string[] | undefined): PageRule {
  return origins === undefined ? { open: "anyone" } : { open: "origin", patterns: [] };
}

const SitesJson = z
  .array(SiteRow)
  .min(1)
  .refine((rows) => new Set(rows.map((row) => row.id)).size === rows.length, "expected no id twice");

/** The one site of a service that was told of none. */
export const OPEN_SITE: Site = {
  id: "default",
  name: "Default",
  reactions: DEFAULT_REACTIONS,
  origins: undefined,
  pages: { open: "anyone" },
  voters: ANONYMOUS,
  limits: { newPagesAMinute: NEW_PAGES_A_MINUTE },
};

/** Sites from JSON, or what is wrong with it, a sentence each. Keys are not repeated in them. */
export function parseSites(value: unknown): readonly Site[] | { readonly faults: readonly string[] } {
  const parsed = SitesJson.safeParse(value);
  if (parsed.success) return parsed.data;
  return {
    faults: parsed.error.issues.map(({ message, path }) => `${message} at ${path.join(".") || "the top"}`),
  };
}
