/** Requests made from the service's own OpenAPI document, so that a route that comes later is fuzzed without a word. */
import fc from "fast-check";
import { isObject } from "../../shared/contract/object.ts";
import type { HttpInput } from "./inputs.ts";
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

type Schemas = Readonly<Record<string, unknown>>;

const odd = fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.jsonValue({ maxDepth: 2 }));

/** @param url of an API */
export async function openApiInputs(url: string, plan: OpenApiPlan): Promise<fc.Arbitrary<OpenApiInput>> {
  const document: unknown = await (await fetch(`${url}/openapi.json`)).json();
  const [paths, components] = [at(document, "paths"), at(at(document, "components"), "schemas")];
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(isObject(item) ? item : {})
      .filter(
        ([method, operation]) =>
          isOf(operation, plan.scheme) && !(plan.changing === true && method === "get"),
      )
      .map(([method, operation]) => operationOf(path, method, operation, components, plan)),
  );
  if (operations.length === 0) throw new Error("the document describes no such operation");
  return fc.oneof(...operations);
}

function at(value: unknown, name: string): Schemas {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : {};
}

function isOf(operation: unknown, scheme: string | undefined): boolean {
  if (scheme === undefined) return true;
  const security = isObject(operation) && Array.isArray(operation.security) ? operation.security : [];
  return security.length > 0 && security.every((one) => isObject(one) && scheme in one);
}

function operationOf(
  path: string,
  method: string,
  operation: unknown,
  components: Schemas,
  { site, bearers, known }: OpenApiPlan,
): fc.Arbitrary<OpenApiInput> {
  const described = isObject(operation) ? operation : {};
  const parameters = Array.isArray(described.parameters) ? described.parameters.filter(isObject) : [];
  /** Right ones most of the time. */
  const named = (place: string): Record<string, fc.Arbitrary<unknown>> =>
    Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === place && parameter.name !== "site")
        .map(({ name, schema }) => [
          String(name),
          fc.oneof({ arbitrary: schemaInputs(schema, components), weight: 6 }, { arbitrary: odd, weight: 1 }),
        ]),
    );
  const contents = Object.entries(at(described.requestBody, "content")).map(([type, content]) => {
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
      // Drawn when a batch is, so that it may name what batches before it made.
      segment: fc.oneof(
        { arbitrary: fc.nat().map((n) => known[n % known.length] ?? "x"), weight: 6 },
        { arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), weight: 1 },
      ),
      query: sparse(named("query")),
      headers: sparse(named("header")),
      bearer: fc.constantFrom(...bearers),
      body: contents.length === 0 ? fc.constant(undefined) : fc.oneof(...contents),
    })
    .map(({ place, segment, query, headers, bearer, body }) => ({
      operation: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
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
