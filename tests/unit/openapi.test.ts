import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "../../services/api/openapi.ts";
import { isObject } from "../../shared/contract/object.ts";
import { type ProblemCode, problem } from "../../shared/contract/problems.ts";

const root = new URL("../../", import.meta.url);
const document = openApiDocument("1.0.0");
const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
);

/** What Express is told to serve, in the words of OpenAPI. */
function routesIn(file: string): readonly string[] {
  const source = readFileSync(new URL(file, root), "utf8");
  return [...source.matchAll(/router\.(get|post|put|delete)\("([^"]+)"/g)].map(
    ([, method, path]) => `${method} ${path?.replace(/:(\w+)/g, "{$1}")}`,
  );
}

/** For people who look at them in a browser. */
const PAGES = ["get /openapi.json", "get /docs", "get /docs/start.js", "get /dashboard{/}"];

/** In front of Express: services/api/vote-route.ts. */
const VOTES = "post /v1/sites/{site}/votes";

/** What `admitVote` and the reading of a vote may refuse with. */
const VOTE_REFUSALS: readonly ProblemCode[] = [
  ...(["body_invalid", "page_invalid", "reaction_unknown", "header_invalid"] as const),
  ...(["voter_invalid", "account_needed", "account_invalid", "account_expired", "account_refused"] as const),
  ...(["origin_refused", "page_refused", "page_frozen", "page_closed", "site_unknown"] as const),
  ...([
    "request_too_slow",
    "body_too_large",
    "media_type_unknown",
    "puzzle_needed",
    "puzzle_failed",
  ] as const),
  ...(["votes_too_fast", "voters_too_fast", "pages_too_fast"] as const),
  ...(["accounts_unavailable", "unavailable", "overloaded"] as const),
];

/** The statuses of refusals that every route of its kind has. */
function expectedOf(name: string, operation: unknown): readonly number[] {
  if (!isObject(operation)) return [];
  const { security = [], requestBody, parameters = [] } = operation;
  const isModerators = JSON.stringify(security).match(/moderator|publisher/) !== null;
  const inQuery = Array.isArray(parameters) && parameters.some((one) => isObject(one) && one.in === "query");
  // An import is as long as it is.
  const body = name.endsWith("/import") ? [400, 408, 415] : [400, 408, 413, 415];
  return [
    ...(isModerators ? [401, 403, 429, 503] : []),
    // A site that is not there is made.
    ...(name.includes("{site}") && name !== "put /v1/sites/{site}" ? [404] : []),
    ...(requestBody === undefined ? [] : body),
    ...(inQuery ? [400] : []),
  ];
}

describe("the OpenAPI document", () => {
  it("S14: describes every route of the API, and no other", () => {
    const files = readdirSync(new URL("services/api/", root)).map((file) => `services/api/${file}`);
    const served = [...files, "shared/runtime/operations.ts"].flatMap(routesIn);
    const described = operations.map(({ name }) => name);
    expect(served.length).toBeGreaterThan(40);
    expect(described.sort()).toEqual([...served.filter((route) => !PAGES.includes(route)), VOTES].sort());
  });

  it("S14: says with which statuses a route may refuse", () => {
    const missing = operations.flatMap(({ name, operation }) => {
      const told = Object.keys(isObject(operation.responses) ? operation.responses : {});
      const expected = expectedOf(name, operation);
      const refusals = name === VOTES ? VOTE_REFUSALS.map((code) => problem(code).status) : [];
      const lacks = [...expected, ...refusals].filter((status) => !told.includes(String(status)));
      return [...new Set(lacks)].map((status) => `${name}: ${status}`);
    });
    expect(missing).toEqual([]);
  });

  it("S14: says how long a page id is, and no site's reactions", () => {
    const schemas = document.components?.schemas ?? {};
    expect(schemas.PageId).toMatchObject({ type: "string", minLength: 1, maxLength: 512 });
    expect(JSON.stringify(document)).not.toContain('"enum":["great"');
  });

  it("S14: describes votes from forms", () => {
    expect(JSON.stringify(document.paths?.["/v1/sites/{site}/votes"])).toContain(
      "application/x-www-form-urlencoded",
    );
  });
});
