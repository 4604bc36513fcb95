/** What a publisher registers, as schemas; the field checks are those of the contract. */
import { z } from "zod";
import { isPageId } from "../../shared/contract/page-id.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import {
  isPageTitle,
  isPageUrl,
  REGISTERED_A_REQUEST_MAX,
  type RegisteredPage,
} from "../../shared/contract/registered-page.ts";
import { PageCountsBody, PageId } from "./schemas.ts";

const Title = z
  .string()
  .refine(isPageTitle, "expected a title of 1 to 300 characters without control characters")
  .openapi({ description: "Plain text, 1 to 300 characters.", example: "A quiet harbour" });

const PageUrl = z
  .string()
  .refine(isPageUrl, "expected an http or https address of at most 2048 characters")
  .openapi({ format: "uri", example: "https://news.example/2026/11/a-quiet-harbour" });

export const RegisteredPageBody = z
  .object({
    page: PageId.refine(isPageId, "expected a page id of 1 to 512 bytes without control characters"),
    title: Title,
    url: PageUrl,
    published: z
      .int("expected Unix milliseconds")
      .min(0, "expected Unix milliseconds")
      .optional()
      .openapi({ description: "When the article appeared, Unix milliseconds." }),
  })
  .openapi("RegisteredPage");

export const RegistrationBody = z
  .object({
    pages: z
      .array(RegisteredPageBody)
      .max(REGISTERED_A_REQUEST_MAX, `expected at most ${REGISTERED_A_REQUEST_MAX} pages`),
  })
  .openapi("Registration");

export const RegisteredBody = z.object({
  registered: z.int().openapi({ description: "How many different pages the request named." }),
});

export const RegisteredListBody = z
  .object({
    pages: z.array(RegisteredPageBody),
    cursor: z
      .string()
      .optional()
      .openapi({ description: "Ask with it for the next part; absent at the end." }),
  })
  .openapi("RegisteredPages");

export const HotBody = z
  .object({
    pages: z.array(
      z.object({
        page: PageId,
        title: Title,
        url: PageUrl,
        score: z.number().openapi({
          description: "Sum of the page's reactions, each halved for every half-life since it came.",
        }),
        counts: PageCountsBody.shape.counts,
        total: PageCountsBody.shape.total,
      }),
    ),
  })
  .openapi("Hot");

export const OEmbedBody = z
  .object({
    version: z.literal("1.0"),
    type: z.literal("rich"),
    title: z.string(),
    provider_name: z.string(),
    provider_url: z.string(),
    cache_age: z.int(),
    html: z.string().openapi({ description: "An iframe." }),
    width: z.int(),
    height: z.int(),
  })
  .openapi("OEmbed");

/**
 * The pages of a registration, all of them well formed.
 * @throws Refusal `body_invalid`, naming the first field that is not
 */
export function parseRegistration(body: unknown): readonly RegisteredPage[] {
  const parsed = RegistrationBody.safeParse(body);
  if (parsed.success) return parsed.data.pages;
  const [issue] = parsed.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.join(".");
  throw new Refusal(
    "body_invalid",
    `${field}: ${issue?.message ?? "not well formed"}. No page was registered.`,
  );
}
