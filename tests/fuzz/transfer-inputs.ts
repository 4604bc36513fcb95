/** What the document cannot describe well enough to be carried out by chance: whole exports to take in, and readers who sign in. */
import fc from "fast-check";
import { SignJWT } from "jose";
import {
  EXPORT_FORMAT,
  EXPORT_VERSION,
  type ExportLine,
  writeExportLine,
} from "../../shared/contract/export.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { makeVoter } from "../faults/rig/voters.ts";
import type { OpenApiInput } from "./openapi-inputs.ts";

const PUBLISHERS_SECRET = "what only the fuzzer and its publisher know";
const AUDIENCE = "reactions";

/** The setting `voters` of a site whose readers may sign in with the accounts of `moveInputs`. */
export const FUZZED_VOTERS = {
  who: "both",
  accounts: { audience: AUDIENCE, keys: [{ algorithm: "HS256", secret: PUBLISHERS_SECRET }] },
} as const;

/** A page of the site that readers are moved on. */
export const movedPage = fc.nat({ max: 60 }).map((n) => `moved-${n}`);

const vote = fc.record({
  voter: fc.string({
    unit: fc.constantFrom(..."0123456789abcdef"),
    minLength: 16,
    maxLength: 16,
  }),
  reaction: fc.constantFrom<string | null>(...DEFAULT_REACTIONS, null),
  at: fc.integer({ min: 1_600_000_000_000, max: 1_800_000_000_000 }),
  source: fc.constantFrom("0a0b0c", "ffffff", "000000"),
  held: fc.boolean(),
});

const pageLines = fc.record({
  page: movedPage,
  base: fc.option(fc.dictionary(fc.constantFrom(...DEFAULT_REACTIONS), fc.nat({ max: 1_000 }))),
  votes: fc.uniqueArray(vote, { maxLength: 12, selector: ({ voter }) => voter }),
});

type PageOfExport = typeof pageLines extends fc.Arbitrary<infer Value> ? Value : never;

/** Exports of `site`, whole most of the time, else with a line bent, gone, doubled or out of place. */
export function importInputs(site: string, bearer: string): fc.Arbitrary<OpenApiInput> {
  const bends = fc.array(
    fc.tuple(fc.nat(), fc.nat({ max: 80 }), fc.constantFrom("gone", "doubled", "moved", "bent", "cut")),
    { maxLength: 2 },
  );
  return fc
    .record({
      pages: fc.uniqueArray(pageLines, { maxLength: 4, selector: (one) => one.page }),
      audit: fc.array(fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 })), {
        maxLength: 2,
      }),
      bends: fc.oneof({ arbitrary: fc.constant([]), weight: 2 }, { arbitrary: bends, weight: 3 }),
      from: fc.oneof(
        { arbitrary: fc.constant(""), weight: 4 },
        fc.nat({ max: 20 }).map((n) => `?fromLine=${n}`),
      ),
    })
    .map(({ pages, audit, bends: bent, from }) => ({
      operation: "POST /v1/sites/{site}/import",
      method: "POST",
      path: `/v1/sites/${site}/import${from}`,
      headers: { "content-type": "application/x-ndjson", authorization: `Bearer ${bearer}` },
      body: bend(exportOf(site, pages, audit), bent).join("\n"),
    }));
}

function exportOf(
  site: string,
  pages: readonly PageOfExport[],
  audit: readonly Readonly<Record<string, unknown>>[],
): readonly string[] {
  const lines: readonly ExportLine[] = [
    {
      kind: "header",
      format: EXPORT_FORMAT,
      version: EXPORT_VERSION,
      site,
      reactions: DEFAULT_REACTIONS,
      exportedAt: 1_790_000_000_000,
    },
    ...pages.flatMap(linesOf),
    ...audit.map((entry) => ({ kind: "audit" as const, entry })),
    {
      kind: "trailer",
      pages: pages.length,
      votes: pages.reduce((sum, { votes }) => sum + votes.length, 0),
      audit: audit.length,
    },
  ];
  return lines.map(writeExportLine);
}

function linesOf({ page: name, base, votes }: PageOfExport): readonly ExportLine[] {
  const counts: Record<string, number> = {};
  const sorted = votes.toSorted((a, b) => (a.voter < b.voter ? -1 : 1));
  for (const { reaction, held } of sorted)
    if (reaction !== null && !held) counts[reaction] = (counts[reaction] ?? 0) + 1;
  return [
    { kind: "page", page: name, state: "open", records: votes.length, ...(base === null ? {} : { base }) },
    ...sorted.map(({ held, ...rest }): ExportLine => {
      return { kind: "vote", ...rest, ...(held && rest.reaction !== null ? { held } : {}) };
    }),
    { kind: "totals", page: name, votes: votes.length, counts },
  ];
}

type Bend = readonly [line: number, at: number, how: string];

function bend(lines: readonly string[], bends: readonly Bend[]): readonly string[] {
  const bent = [...lines];
  for (const [line, at, how] of bends) {
    const index = line % Math.max(1, bent.length);
    const text = bent[index] ?? "";
    if (how === "gone") bent.splice(index, 1);
    else if (how === "doubled") bent.splice(index, 0, text);
    else if (how === "moved") bent.push(...bent.splice(index, 1));
    else if (how === "bent") bent[index] = `${text.slice(0, at)}\u0000${text.slice(at + 1)}`;
    else bent[index] = text.slice(0, at);
  }
  return bent;
}

/**
 * Readers of `site` who vote and sign in with a publisher's token, and some who have none, another's, or nobody to move. Every
 * other input is a vote, so that there is something to move.
 */
export async function moveInputs(site: string): Promise<fc.Arbitrary<OpenApiInput>> {
  const voters = Array.from({ length: 20 }, () => makeVoter(site));
  const sign = (subject: string, audience: string, secret: string): Promise<string> =>
    new SignJWT()
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(subject)
      .setAudience(audience)
      .setExpirationTime("1d")
      .sign(Buffer.from(secret));
  const names = Array.from({ length: 10 }, (_, n) => `reader-${n}`);
  const accounts = await Promise.all(names.map((name) => sign(name, AUDIENCE, PUBLISHERS_SECRET)));
  const others = [
    await sign("reader-1", "elsewhere", PUBLISHERS_SECRET),
    await sign("reader-1", AUDIENCE, "another secret of thirty-two bytes and more"),
  ];
  const account = fc.oneof(
    { arbitrary: fc.constantFrom(...accounts), weight: 6 },
    { arbitrary: fc.constantFrom(...others, ...voters, "", undefined), weight: 1 },
  );
  const voter = fc.oneof(
    { arbitrary: fc.constantFrom<unknown>(...voters), weight: 8 },
    { arbitrary: fc.constantFrom<unknown>(makeVoter(), ...accounts, null, 7), weight: 1 },
  );
  const pages = fc.oneof(
    { arbitrary: fc.array(movedPage, { maxLength: 5 }), weight: 8 },
    { arbitrary: fc.jsonValue({ maxDepth: 1 }), weight: 1 },
  );
  const votes = fc
    .record({ page: movedPage, reaction: fc.constantFrom<string | null>(...DEFAULT_REACTIONS, null), voter })
    .map((body) => ({
      operation: "POST /v1/sites/{site}/votes",
      method: "POST",
      path: `/v1/sites/${site}/votes`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }));
  const moves = fc.record({ account, voter, pages, inBody: fc.boolean() }).map(({ inBody, ...given }) => ({
    operation: "POST /v1/sites/{site}/voters/self/move",
    method: "POST",
    path: `/v1/sites/${site}/voters/self/move`,
    headers: {
      "content-type": "application/json",
      ...(given.account === undefined || inBody ? {} : { authorization: `Bearer ${given.account}` }),
    },
    body: JSON.stringify({
      voter: given.voter,
      pages: given.pages,
      ...(inBody ? { account: given.account } : {}),
    }),
  }));
  return fc.oneof(votes, moves);
}
