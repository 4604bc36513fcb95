/** What moderators' routes give, as schemas for the OpenAPI document. What they take is parsed by the contract. */
import { z } from "zod";
import { DEEDS, ORDER_KINDS } from "../../shared/contract/order-answers.ts";
import { ORDERS, REASON_LENGTH_MAX } from "../../shared/contract/orders.ts";
import { SCOPES } from "../../shared/contract/tokens.ts";
import { exampleCounts, PageId } from "./schemas.ts";

const At = z.int().openapi({ description: "Unix milliseconds." });
const Votes = z.record(z.string(), z.int()).openapi({ example: exampleCounts(0, 0, 412, 0) });

const FILTERS = {
  page: PageId.optional(),
  voter: z.string().optional().openapi({
    description:
      "A voter's token; or a handle (`v1.…`), as orders and audit show it; or, with `page`, a pseudonym of 16 hexadecimal digits.",
  }),
  since: At.optional().openapi({ description: "Stamped then or later." }),
  until: At.optional().openapi({ description: "Stamped then or earlier." }),
  source: z
    .string()
    .optional()
    .openapi({ description: "A network, as `sources` shows it.", example: "9f86d0" }),
  reaction: z.string().optional(),
};

export const OrderBody = z
  .object({
    order: z.enum(ORDERS),
    ...FILTERS,
    dryRun: z.boolean().optional().openapi({ description: "Tell what would go, change nothing." }),
    reason: z.string().max(REASON_LENGTH_MAX).optional(),
  })
  .openapi("OrderRequest");

export const OrderIdBody = z.object({ id: z.string() }).openapi("OrderId");

const ResultBody = z
  .object({
    votes: z.int(),
    counts: Votes,
    pages: z.int(),
    list: z.array(z.object({ page: PageId, counts: Votes })),
    before: Votes.optional(),
    after: Votes.optional(),
    drift: Votes.optional(),
  })
  .openapi("OrderResult", {
    description: "What the order took, restored or mended; the first hundred pages of it.",
  });

const SHARED = {
  ...FILTERS,
  dryRun: z.boolean().optional(),
  reason: z.string().optional(),
  of: z.string().optional().openapi({ description: "Of an undo: the order that it undoes." }),
  result: ResultBody.optional(),
};

export const OrderStateBody = z
  .object({
    id: z.string(),
    order: z.enum(ORDER_KINDS),
    state: z.enum(["waiting", "running", "done", "failed"]),
    progress: z.number().min(0).max(1),
    by: z.string(),
    at: At,
    ...SHARED,
    undoUntil: At.optional(),
  })
  .openapi("Order");

export const OrdersBody = z.object({ orders: z.array(OrderStateBody) }).openapi("Orders");

export const AuditBody = z
  .object({
    entries: z.array(
      z.object({
        id: z.string(),
        at: At,
        who: z.string(),
        what: z.enum(DEEDS),
        order: z.enum(ORDER_KINDS).optional(),
        orderId: z.string().optional(),
        ...SHARED,
        token: z.string().optional(),
      }),
    ),
  })
  .openapi("Audit", { description: "Lines in the order in which they were written." });

export const SourcesBody = z
  .object({
    page: PageId,
    votes: z.int(),
    held: z.int().openapi({ description: "Votes that are held, beside `votes`." }),
    sources: z.int(),
    list: z.array(
      z.object({
        source: z.string(),
        votes: z.int(),
        counts: Votes,
        held: z.int(),
        first: At,
        last: At,
        minutes: z.array(z.object({ at: At, votes: z.int() })),
      }),
    ),
  })
  .openapi("Sources");

export const SuspectsBody = z
  .object({
    suspects: z.array(
      z.object({
        page: PageId,
        score: z.number().min(0).max(1),
        why: z.array(z.string()),
        votes: z.int().openapi({ description: "Votes looked at: those of the last hour, and held ones." }),
        matching: z.int(),
        sampled: z.boolean(),
        held: z.int().openapi({ description: "Votes of the page to `release` or `discard`." }),
        filter: z.object({ page: PageId, source: z.string(), since: At, until: At }),
      }),
    ),
  })
  .openapi("Suspects", {
    description:
      "Pages with odd votes in the last hour, and pages that hold votes from whenever; the worst first.",
  });

export const TokenRequestBody = z
  .object({ name: z.string(), scope: z.enum(SCOPES), site: z.string().optional() })
  .openapi("TokenRequest");

const TOKEN = {
  name: z.string(),
  scope: z.enum(SCOPES),
  site: z.string().optional(),
  at: At.optional(),
  by: z.string().optional(),
};

export const NewTokenBody = z.object({ ...TOKEN, token: z.string() }).openapi("NewToken");

export const TokensBody = z.object({ tokens: z.array(z.object(TOKEN)) }).openapi("Tokens");
