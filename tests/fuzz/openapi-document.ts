/** The OpenAPI document that a service tells of itself, as far as it is fuzzed by it. */
import { isObject } from "../../shared/contract/object.ts";

/** Schemas, or whatever else the document has, by name. */
export type Described = Readonly<Record<string, unknown>>;

export interface Operation {
  /** As in `GET /v1/sites/{site}/counts`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly described: Described;
}

export interface OpenApiDocument {
  readonly operations: readonly Operation[];
  /** What `$ref` points to. */
  readonly schemas: Described;
}

/** @param url of an API */
export async function readOpenApi(url: string): Promise<OpenApiDocument> {
  const document: unknown = await (await fetch(`${url}/openapi.json`)).json();
  const operations = Object.entries(partOf(document, "paths")).flatMap(([path, item]) =>
    Object.keys(isObject(item) ? item : {}).map((key) => {
      const method = key.toUpperCase();
      return { name: `${method} ${path}`, method, path, described: partOf(item, key) };
    }),
  );
  return { operations, schemas: partOf(partOf(document, "components"), "schemas") };
}

/** Empty where there is no such part. */
export function partOf(value: unknown, name: string): Described {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : {};
}
