/**
 * What the API takes and gives, as schemas: they parse the requests, and the OpenAPI document is made from them. The
 * field checks are those of the contract, so sockets and browsers agree with them.
 */
import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { isPageId, PAGE_ID_BYTES_MAX, PAGES_MAX } from "../../shared/contract/page-id.ts";
import { PROBLEM_CODES, type ProblemCode, Refusal } from "../../shared/contract/problems.ts";
import { DEFAULT_REACTIONS, isReactionName } from "../../shared/contract/reactions.ts";
import { isVoterToken, namesVoter } from "../../shared/contract/voter-token.ts";
import { isSignature } from "../../shared/contract/votes.ts";

extendZodWithOpenApi(z);

export const PageId = z.string().refine(isPageId).openapi("PageId", {
  description:
    "The publisher's id of an article, or its canonical URL: 1 to 512 bytes of UTF-8 without control characters.",
  minLength: 1,
  maxLength: PAGE_ID_BYTES_MAX,
  example: "https://news.example/2026/11/a-quiet-harbour",
});

const ReactionName = z
  .string()
  .refine(isReactionName)
  .openapi("Reaction", {
    description: "One of the site's reactions, as GET reactions names them.",
    examples: [...DEFAULT_REACTIONS],
  });

const VoterToken = z.string().refine(isVoterToken).openapi("VoterToken", {
  description: "Names an anonymous voter; signed by the service. Keep it, and send it with every vote.",
  example: "a1.1.AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB",
});

const Solution = z.unknown().optional().openapi({
  type: "object",
  description:
    "The puzzle of a refusal `puzzle_needed`, with `counter` and `derivedKey` added: { parameters, signature, counter, derivedKey }.",
});

export const VoteBody = z
  .object({
    page: PageId,
    reaction: ReactionName.nullable(),
    voter: z.string().refine(namesVoter).optional().openapi({
      description: "The token of an anonymous voter, or of an account: a JWT that the publisher signed.",
    }),
    signature: z.string().refine(isSignature).optional().openapi({
      description: "HMAC-SHA-256 of the page id in base64url, for sites whose pages are opened by signature.",
    }),
    solution: Solution,
  })
  .openapi("Vote", {
    description: '"I hold this reaction on this page"; null withdraws. Sending it twice changes nothing.',
  });

/** A reader who signed in, with the voter that they were before. */
export const MoveBody = z
  .strictObject({
    voter: VoterToken,
    account: z.string().optional().openapi({
      description: "The account's token (JWT), unless it comes as `Authorization: Bearer`.",
    }),
    pages: z.array(PageId).min(1).max(PAGES_MAX).optional().openapi({
      description: "Move the votes of these pages only; without it those of all pages.",
    }),
  })
  .openapi("Move");

/** A vote from an HTML form. */
export const VoteForm = z
  .object({
    page: PageId,
    reaction: z.union([ReactionName, z.literal("")]).openapi({ description: "Empty withdraws." }),
    signature: z.string().refine(isSignature).optional(),
    return: z
      .string()
      .optional()
      .openapi({ description: "Address to go back to; only one of the form's own origin counts." }),
  })
  .openapi("VoteForm", { description: "For readers without JavaScript; the voter is a new one." });

export const PagesQuery = z.array(PageId).min(1).max(PAGES_MAX);

const Count = z.int().min(0);

/** Counts of the default reactions, the first ones first, for the document's examples. */
export function exampleCounts(...counts: readonly number[]): Record<string, number> {
  return Object.fromEntries(counts.map((count, at) => [DEFAULT_REACTIONS[at], count]));
}

export const PageCountsBody = z
  .object({
    page: PageId,
    counts: z.record(ReactionName, Count).openapi({ example: exampleCounts(12, 3, 0, 7) }),
    total: Count,
    epoch: z
      .string()
      .openapi({ description: "Another epoch: the page's history began anew. Empty without votes." }),
    rev: Count.openapi({ description: "Grows by one whenever the counts change." }),
    state: z.enum(["open", "frozen", "hidden"]),
  })
  .openapi("PageCounts");

const At = z.int().openapi({ description: "Unix milliseconds by Redis's clock." });

export const ReceiptBody = z
  .object({ page: PageId, reaction: ReactionName.nullable(), at: At, voter: VoterToken.optional() })
  .openapi("Receipt", {
    description: "The vote is on disk. `voter` is there when the vote came without one.",
  });

export const TalliedBody = z
  .object({ ...ReceiptBody.shape, ...PageCountsBody.shape })
  .openapi("TalliedVote", { description: "The receipt and the page's counts with this vote in them." });

export const VoterRequest = z.object({ solution: Solution }).openapi("VoterRequest", {
  description: "Only who was asked for a puzzle sends a body.",
});

export const VoterBody = z.object({ voter: VoterToken }).openapi("Voter");

export const CountsBody = z.object({ pages: z.array(PageCountsBody) }).openapi("Counts");

export const MineBody = z
  .object({ pages: z.array(z.object({ page: PageId, reaction: ReactionName.nullable() })) })
  .openapi("Mine");

const Hex = z.string().regex(/^(?:[0-9a-f]{2})+$/);

const PuzzleBody = z
  .object({
    parameters: z.object({
      algorithm: z.literal("PBKDF2/SHA-256"),
      nonce: Hex,
      salt: Hex,
      cost: z.int().openapi({ description: "Rounds of PBKDF2 for one try." }),
      keyLength: z.int().openapi({ description: "Bytes of a key." }),
      keyPrefix: Hex,
      keySignature: Hex,
      data: z.object({ site: z.string(), until: At }),
    }),
    signature: Hex,
  })
  .openapi("Puzzle", {
    description:
      "Proof of work (ALTCHA, version 2): the first counter from 0 on for which PBKDF2-SHA-256 of `nonce` and the counter " +
      "(4 bytes, highest first), with `salt`, begins with `keyPrefix`.",
  });

export const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(PROBLEM_CODES as readonly [ProblemCode, ...ProblemCode[]]),
    retryable: z.boolean(),
    detail: z.string().optional(),
    puzzle: PuzzleBody.optional(),
  })
  .openapi("Problem", {
    description: "RFC 9457. `code` is stable; `retryable` says whether to send the same again.",
  });

/** Which refusal a faulty field of a vote means. */
const CODE_BY_FIELD: Readonly<Record<string, ProblemCode>> = {
  page: "page_invalid",
  reaction: "reaction_unknown",
  voter: "voter_invalid",
  signature: "page_refused",
};

/**
 * A vote from a request's body.
 * @throws Refusal `body_invalid`, `page_invalid`, `reaction_unknown`, `voter_invalid` or `page_refused`
 */
export function parseVoteBody(body: unknown): z.output<typeof VoteBody> {
  return parseVote(VoteBody, body);
}

/**
 * A vote from the fields of an HTML form.
 * @throws Refusal as `parseVoteBody`; `body_invalid` too unless page and reaction are there once each
 */
export function parseVoteForm(form: URLSearchParams): z.output<typeof VoteBody> {
  for (const name of ["page", "reaction"])
    if (form.getAll(name).length !== 1)
      throw new Refusal("body_invalid", `The form needs one field named ${name}.`);
  const { page, reaction, signature } = parseVote(VoteForm, Object.fromEntries(form));
  return { page, reaction: reaction || null, signature };
}

function parseVote<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? "");
  throw new Refusal(
    Object.hasOwn(CODE_BY_FIELD, field) ? (CODE_BY_FIELD[field] ?? "body_invalid") : "body_invalid",
  );
}

/**
 * What a new voter sends.
 * @throws Refusal `body_invalid`
 */
export function parseVoterBody(body: unknown): z.output<typeof VoterRequest> {
  const parsed = VoterRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Refusal("body_invalid", "A new voter's request is a JSON object.");
}

/**
 * A move from a request's body.
 * @throws Refusal `body_invalid`, `pages_invalid`, `voter_invalid`
 */
export function parseMoveBody(body: unknown): z.output<typeof MoveBody> {
  const parsed = MoveBody.safeParse(body);
  if (parsed.success) return parsed.data;
  const [field] = parsed.error.issues[0]?.path ?? [];
  if (field === "voter") throw new Refusal("voter_invalid");
  throw new Refusal(field === "pages" ? "pages_invalid" : "body_invalid");
}

/**
 * The pages that a request's query names.
 * @throws Refusal `pages_invalid`, `too_many_pages` or `page_invalid`
 */
export function parsePagesQuery(pages: readonly string[]): readonly string[] {
  const parsed = PagesQuery.safeParse(pages);
  if (parsed.success) return parsed.data;
  if (pages.length === 0) throw new Refusal("pages_invalid");
  throw new Refusal(pages.length > PAGES_MAX ? "too_many_pages" : "page_invalid");
}
