/** Requests made from the service's own OpenAPI document, so that a route that comes later is fuzzed without a word. */
import fc from "fast-check";
import { isObject } from "../../shared/contract/object.ts";
import type { HttpInput } from "./inputs.ts";
import { type Described, type OpenApiDocument, type Operation, partOf } from "./openapi-document.ts";
import { schemaInputs, sparse } from "./schema-inputs.ts";

/** A request and the operation of the document that it is for, as in `GET /v1/sites/{site}/counts`. */
export interface OpenApiInput extends HttpInput {
  readonly operation: string;
}

/** Who is played. */
export interface OpenApiPlan {
  /** The site that most requests are about. */
  readonly site: string;
  /** Tokens that `Authorization` names; undefined: none. */
  readonly bearers: readonly (string | undefined)[];
  /** Names and ids that the service has told of so far: what a path names is one of them most of the time. */
  readonly known: readonly string[];
  /** Of which security scheme the operations are; undefined: of any. */
  readonly scheme?: string;
  /** Whether only operations that change something are drawn. */
  readonly changing?: boolean;
}

/** Fields as an HTML form sends them. */
const FORM = "application/x-www-form-urlencoded";

const odd = fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.jsonValue({ maxDepth: 2 }));

export function openApiInputs(
  { operations, schemas }: OpenApiDocument,
  plan: OpenApiPlan,
): fc.Arbitrary<OpenApiInput> {
  const meant = operations.filter(
    ({ method, described }) => isOf(described, plan.scheme) && !(plan.changing === true && method === "GET"),
  );
  if (meant.length === 0) throw new Error("the document describes no such operation");
  return fc.oneof(...meant.map((operation) => inputsOf(operation, schemas, plan)));
}

function isOf({ security }: Described, scheme: string | undefined): boolean {
  if (scheme === undefined) return true;
  const all = Array.isArray(security) ? security : [];
  return all.length > 0 && all.every((one) => isObject(one) && scheme in one);
}

function inputsOf(
  { name: operation, method, path, described }: Operation,
  components: Described,
  { site, bearers, known }: OpenApiPlan,
): fc.Arbitrary<OpenApiInput> {
  const parameters = (Array.isArray(described.parameters) ? described.parameters : [])
    .filter(isObject)
    .filter(({ name }) => name !== "site");
  /** Right ones most of the time. */
  const named = (place: string): Record<string, fc.Arbitrary<unknown>> =>
    Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === place)
        .map(({ name, schema }) => [
          String(name),
          fc.oneof({ arbitrary: schemaInputs(schema, components), weight: 6 }, { arbitrary: odd, weight: 1 }),
        ]),
    );
  const contents = Object.entries(partOf(described.requestBody, "content")).map(([type, content]) => {
    const right = schemaInputs(isObject(content) ? content.schema : undefined, components);
    const body = fc.oneof({ arbitrary: right, weight: 8 }, { arbitrary: odd, weight: 1 });
    return body.map((value) => ({
      type,
      text: type === FORM ? queryOf(isObject(value) ? value : {}) : textOf(value),
    }));
  });
  return fc
    .record({
      place: fc.oneof(
        { arbitrary: fc.constant(site), weight: 20 },
        { arbitrary: fc.webSegment(), weight: 1 },
      ),
      segment: fc.oneof(
        // Drawn when a batch is, so that it may name what batches before it made.
        { arbitrary: fc.nat().map((n) => known[n % known.length] ?? "x"), weight: 6 },
        // What a path names may also be one of a list.
        ...Object.values(named("path")).map((arbitrary) => ({ arbitrary: arbitrary.map(textOf), weight: 3 })),
        { arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), weight: 1 },
      ),
      query: sparse(named("query")),
      headers: sparse(named("header")),
      bearer: fc.constantFrom(...bearers),
      body: contents.length === 0 ? fc.constant(undefined) : fc.oneof(...contents),
    })
    .map(({ place, segment, query, headers, bearer, body }) => ({
      operation,
      method,
      path: `${path.replace("{site}", encodeURIComponent(place) || "x").replace(/\{[^}]*\}/g, () => encodeURIComponent(segment) || "x")}?${queryOf(query)}`,
      headers: {
        "content-type": body?.type ?? "application/json",
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, textOf(value)])),
      },
      body: body?.text,
    }));
}

/** Lists are repeated, as in `?page=a&page=b`. */
function queryOf(query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, textOf(one)]),
  );
  return new URLSearchParams(pairs).toString();
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
