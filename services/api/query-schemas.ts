/** What the queries of readers' lists take, as schemas: they parse the addresses, and the OpenAPI document is made from them. */
import { z } from "zod";
import { HOT_LIMIT, HOT_LIMIT_MAX, HOT_WINDOWS } from "../../shared/contract/hot.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import { TIMELINE_STEPS } from "../../shared/contract/timeline.ts";
import { PageId } from "./schemas.ts";

export const HotQuery = z.object({
  window: z.enum(HOT_WINDOWS, `Expected window to be one of ${HOT_WINDOWS.join(", ")}.`).default("day"),
  reaction: z.string().optional().openapi({ description: "Only what this reaction did." }),
  limit: wholeTo(HOT_LIMIT_MAX, "limit").default(HOT_LIMIT).openapi({ default: HOT_LIMIT }),
});

export const TimelineQuery = z.object({
  page: PageId.optional().openapi({ description: "A page; without it the whole site." }),
  from: moment("from").optional(),
  to: moment("to").optional().openapi({ description: "Now, unless said otherwise. Unix milliseconds." }),
  step: z
    .enum(TIMELINE_STEPS, `Expected step to be one of ${TIMELINE_STEPS.join(", ")}.`)
    .default("hour")
    .openapi({ description: "Minutes are kept for 48 hours, the others 400 days." }),
});

/**
 * What a query holds; of a name that is repeated the first.
 * @throws Refusal `page_invalid`; `query_invalid` with the schema's own sentence
 */
export function parseQuery<Schema extends z.ZodObject>(
  schema: Schema,
  query: URLSearchParams,
): z.output<Schema> {
  const parsed = schema.safeParse(
    Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.get(name)])),
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw issue?.path[0] === "page"
    ? new Refusal("page_invalid")
    : new Refusal("query_invalid", issue?.message);
}

function wholeTo(most: number, name: string) {
  const sentence = `Expected ${name} to be a whole number from 1 to ${most}.`;
  return z
    .string()
    .regex(/^\d{1,9}$/, sentence)
    .transform(Number)
    .refine((number) => number >= 1 && number <= most, sentence)
    .openapi({ type: "integer", minimum: 1, maximum: most });
}

function moment(name: string) {
  return z
    .string()
    .regex(/^\d{1,14}$/, `Expected ${name} in Unix milliseconds.`)
    .transform(Number)
    .openapi({ type: "integer", minimum: 0, description: "Unix milliseconds." });
}
