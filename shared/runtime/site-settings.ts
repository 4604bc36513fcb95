/** What a publisher decides about a site, and how it is written down in JSON. */
import { z } from "zod";
import { LABEL_CHARACTERS_MAX, LANGUAGES_MAX, type Labels } from "../contract/labels.ts";
import { isObject } from "../contract/object.ts";
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

/**
 * Whether new voters solve a puzzle first (proof of work): never, while the service finds that more come than is plausible,
 * or always. Voters who have a token are never asked.
 */
export type PuzzleRule = "off" | "auto" | "always";

/** What it takes to name a site's counts. */
export interface ReactingSite {
  readonly id: string;
  /** A reaction's place in this list is what records hold: append to it, never reorder it. */
  readonly reactions: ReactionSet;
}

/** How much one reader or one network may do on a site; only while `LIMITS` are on. */
export interface SiteLimits {
  /** Pages that one network may open in a minute, in each process. */
  readonly newPagesAMinute: number;
  /** New voters of one network in a minute, over all processes; those of an IPv6 /48 may be five times as many. */
  readonly newVotersAMinute: number;
  /** Votes of one voter at once, and four fifths of that in each minute afterwards, in each process. */
  readonly votesAMinuteOfVoter: number;
  /** Votes of one network at once, and as many in each minute afterwards, in each process. */
  readonly votesAMinuteOfNetwork: number;
}

/** One publication. */
export interface Site extends ReactingSite {
  readonly name: string;
  /** What its reactions are called, by language: for the bars of readers whose words do not have them. */
  readonly labels?: Labels | undefined;
  /** Origins whose pages may vote, watch and frame; undefined: all. A `*.` stands for any subdomain. */
  readonly origins: readonly string[] | undefined;
  readonly pages: PageRule;
  readonly voters: VoterRule;
  readonly puzzle: PuzzleRule;
  readonly limits: SiteLimits;
  /** A page is closed, and its voters' records dropped, so many days after its last vote; undefined: never. */
  readonly retentionDays?: number | undefined;
}

/** An undo that comes a week after its order must still find the newer votes of its voters. */
const RETENTION_DAYS_MIN = 8;
const RETENTION_DAYS_MAX = 3_650;

export const USUAL_LIMITS: SiteLimits = {
  // A feed of a busy day opened by one reader stays below; a script that invents pages does not.
  newPagesAMinute: 60,
  // A school behind one address, not a script.
  newVotersAMinute: 600,
  // A reader who presses back and forth as fast as fingers go is never refused: fifty presses a second are one vote.
  votesAMinuteOfVoter: 150,
  // A carrier's address may stand for thousands of readers.
  votesAMinuteOfNetwork: 6_000,
};

const Pages = z.discriminatedUnion("open", [
  z.strictObject({ open: z.enum(["anyone", "registered"]) }),
  z.strictObject({
    open: z.literal("origin"),
    patterns: z.array(z.string().min(1).max(512)).max(100).default([]),
  }),
  z.strictObject({ open: z.literal("signed"), keys: z.array(z.string().min(16).max(256)).min(1).max(8) }),
]);

const limit = (usual: number) => z.int().min(1).max(1_000_000).default(usual);

const Limits = z.strictObject({
  newPagesAMinute: limit(USUAL_LIMITS.newPagesAMinute),
  newVotersAMinute: limit(USUAL_LIMITS.newVotersAMinute),
  votesAMinuteOfVoter: limit(USUAL_LIMITS.votesAMinuteOfVoter),
  votesAMinuteOfNetwork: limit(USUAL_LIMITS.votesAMinuteOfNetwork),
});

const Label = z.string().trim().min(1).max(LABEL_CHARACTERS_MAX);

const LabelsByLanguage = z
  .record(z.string(), z.record(z.string(), Label))
  .refine((labels) => Object.keys(labels).every(isLanguageTag), "expected language tags like pt-BR")
  .refine(
    (labels) => Object.keys(labels).length <= LANGUAGES_MAX,
    `expected at most ${LANGUAGES_MAX} languages`,
  );

/** One entry of `SITES_FILE`, and what `PUT sites` takes. */
export const SiteRow = z
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
    puzzle: z.enum(["off", "auto", "always"]).default("auto"),
    labels: LabelsByLanguage.optional(),
    limits: Limits.default(USUAL_LIMITS),
    retentionDays: z.int().min(RETENTION_DAYS_MIN).max(RETENTION_DAYS_MAX).optional(),
  })
  .superRefine(({ reactions, labels = {} }, context) => {
    for (const [tag, words] of Object.entries(labels)) {
      for (const name of Object.keys(words)) {
        if (reactions.includes(name)) continue;
        context.addIssue({
          code: "custom",
          path: ["labels", tag],
          message: `expected labels of ${reactions.join(", ")} only`,
        });
      }
    }
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
  puzzle: "auto",
  limits: USUAL_LIMITS,
};

/** What is wrong with settings, a sentence each. */
export interface SettingsFaults {
  readonly faults: readonly string[];
}

/** Sites from JSON, or what is wrong with it. Keys are not repeated there. */
export function parseSites(value: unknown): readonly Site[] | SettingsFaults {
  const parsed = SitesJson.safeParse(value);
  return parsed.success ? parsed.data : faultsOf(parsed.error);
}

/** One site from JSON, or what is wrong with it. */
export function parseSite(value: unknown): Site | SettingsFaults {
  const parsed = SiteRow.safeParse(value);
  return parsed.success ? parsed.data : faultsOf(parsed.error);
}

/** Records hold a reaction's place in the list, so a list may only grow at its end. */
export function reorderings(before: ReactingSite | undefined, now: ReactingSite): readonly string[] {
  if (before === undefined || before.reactions.every((name, index) => now.reactions[index] === name))
    return [];
  return [
    `expected the reactions of ${now.id} to begin with ${before.reactions.join(", ")}, got ${now.reactions.join(", ")}`,
  ];
}

function faultsOf({ issues }: z.ZodError): SettingsFaults {
  return { faults: issues.map(({ message, path }) => `${message} at ${path.join(".") || "the top"}`) };
}

/** In its canonical form, so that each language stands there once. */
function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}

/** The settings without what only the publisher and the service know: as they are told, and as they may be put again. */
export function withoutSecrets(site: Site): object {
  const { accounts } = site.voters;
  return {
    ...site,
    ...(site.pages.open === "signed" ? { pages: { open: "signed" } } : {}),
    ...(accounts === undefined
      ? {}
      : { voters: { ...site.voters, accounts: { ...accounts, keys: undefined } } }),
  };
}

/** Settings that leave out secrets keep those that the site has; an empty list takes them away. */
export function withKnownSecrets(settings: unknown, before: Site | undefined): unknown {
  if (!isObject(settings) || before === undefined) return settings;
  const { pages, voters } = settings;
  const known = { ...settings };
  if (isObject(pages) && pages.open === "signed" && before.pages.open === "signed")
    known.pages = { ...pages, keys: pages.keys ?? before.pages.keys };
  const accounts = isObject(voters) ? voters.accounts : undefined;
  if (isObject(voters) && isObject(accounts) && before.voters.accounts !== undefined)
    known.voters = {
      ...voters,
      accounts: { ...accounts, keys: accounts.keys ?? before.voters.accounts.keys },
    };
  return known;
}
