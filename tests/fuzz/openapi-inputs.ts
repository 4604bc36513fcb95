/** Requests made from the service's own OpenAPI document, so that a route that comes later is fuzzed without a word. */
import fc from "fast-check";
import { isObject } from "../../shared/contract/object.ts";
import type { HttpInput } from "./inputs.ts";

const odd = fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.jsonValue({ maxDepth: 2 }));

/** @param url of an API */
export async function openApiInputs(url: string): Promise<fc.Arbitrary<HttpInput>> {
  const document: unknown = await (await fetch(`${url}/openapi.json`)).json();
  const paths = isObject(document) && isObject(document.paths) ? document.paths : {};
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    isObject(item)
      ? Object.entries(item).map(([method, operation]) => operationOf(path, method, operation))
      : [],
  );
  if (operations.length === 0) throw new Error("the document describes no operation");
  return fc.oneof(...operations);
}

function operationOf(path: string, method: string, operation: unknown): fc.Arbitrary<HttpInput> {
  const described = isObject(operation) ? operation : {};
  const parameters = Array.isArray(described.parameters) ? described.parameters.filter(isObject) : [];
  const named = (place: string) =>
    parameters.filter((parameter) => parameter.in === place).map(({ name }) => String(name));
  const takesBody = described.requestBody !== undefined;
  return fc
    .record({
      site: fc.oneof(
        { arbitrary: fc.constant("default"), weight: 6 },
        { arbitrary: fc.webSegment(), weight: 1 },
      ),
      query: fc.array(fc.tuple(fc.constantFrom("page", "x", ...named("query")), odd), { maxLength: 6 }),
      headers: fc.record(
        Object.fromEntries(named("header").map((name) => [name.toLowerCase(), fc.string({ maxLength: 30 })])),
        { requiredKeys: [] },
      ),
      fields: fc.dictionary(
        fc.constantFrom("page", "reaction", "voter", "order", "pages", "__proto__", "x"),
        odd,
      ),
    })
    .map(({ site, query, headers, fields }) => ({
      method: method.toUpperCase(),
      path: `${path.replace(/\{[^}]*\}/g, encodeURIComponent(site) || "x")}?${new URLSearchParams(
        query.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
      )}`,
      headers: { "content-type": "application/json", ...headers },
      body: takesBody ? JSON.stringify(fields) : undefined,
    }));
}
