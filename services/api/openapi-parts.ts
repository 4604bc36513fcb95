/** What the descriptions of all routes share. */
import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { ProblemBody } from "./schemas.ts";

type Responses = RouteConfig["responses"];

/** The site in the path. */
export const SITE = z.object({
  site: z.string().openapi({ example: "default", description: "Id of the site." }),
});

/** A JSON answer. */
export function json(description: string, schema: z.ZodType): Responses[string] {
  return { description, content: { "application/json": { schema } } };
}

const PROBLEM_TITLES: Readonly<Record<number, string>> = {
  400: "Something in the request is not well formed.",
  401: "The token is missing or not genuine.",
  403: "The token's scope is too small, or the site does not take this.",
  404: "No such site, or nothing to embed.",
  408: "The body took too long to arrive.",
  409: "The page takes no votes any more, or what is there already is in the way.",
  413: "The body is too large.",
  415: "The body's media type is not taken.",
  428: "A new voter has to solve the `puzzle` first.",
  429: "Too many; see Retry-After.",
  501: "Only JSON is to be had.",
  503: "Redis is away or too much waits; see Retry-After and send it again.",
};

/** The refusals with these statuses. */
export function problems(...statuses: readonly number[]): Responses {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: PROBLEM_TITLES[status] ?? "A problem.",
        content: { "application/problem+json": { schema: ProblemBody } },
      },
    ]),
  );
}
