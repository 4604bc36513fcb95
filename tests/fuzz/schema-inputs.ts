/** Values made from a JSON Schema, as far as the service's OpenAPI document uses it: right ones, to be bent by whoever throws them. */
import fc from "fast-check";
import { isObject } from "../../shared/contract/object.ts";

const DEPTH_MAX = 6;

const text = fc.oneof(
  { arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), weight: 4 },
  { arbitrary: fc.nat({ max: 20 }).map((n) => `fuzz-${n}`), weight: 4 },
  {
    arbitrary: fc.constantFrom("https://hook.invalid/x", "admin", "read", "2026-01-01T00:00:00Z", ""),
    weight: 1,
  },
);

/** @param components the document's schemas by name, which `$ref` points to */
export function schemaInputs(
  schema: unknown,
  components: Readonly<Record<string, unknown>>,
  depth = 0,
): fc.Arbitrary<unknown> {
  if (!isObject(schema) || depth > DEPTH_MAX) return fc.jsonValue({ maxDepth: 1 });
  const of = (part: unknown): fc.Arbitrary<unknown> => schemaInputs(part, components, depth + 1);
  if (typeof schema.$ref === "string") return of(components[schema.$ref.split("/").at(-1) ?? ""]);
  for (const parts of [schema.anyOf, schema.oneOf]) {
    if (Array.isArray(parts)) return fc.oneof(...parts.map(of));
  }
  if (Array.isArray(schema.allOf)) {
    const { allOf, ...rest } = schema;
    return fc
      .tuple(...[...allOf, rest].map(of))
      .map((values) => Object.assign({}, ...values.filter(isObject)) as unknown);
  }
  if (Array.isArray(schema.enum)) return fc.constantFrom<unknown>(...schema.enum);
  const kinds = [schema.type].flat().map((type) => ofType(String(type), schema, of));
  return fc.oneof(...kinds);
}

function ofType(
  type: string,
  schema: Readonly<Record<string, unknown>>,
  of: (part: unknown) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const examples = [schema.example, schema.examples]
    .flat()
    .filter((example) => example !== undefined)
    .map((example) => fc.constant(example));
  switch (type) {
    case "string":
      return fc.oneof(text, ...examples);
    case "integer":
    case "number":
      return fc.integer({
        min: typeof schema.minimum === "number" ? schema.minimum : -10,
        max: typeof schema.maximum === "number" ? schema.maximum : 2_000_000_000,
      });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(of(schema.items), { maxLength: 5 });
    case "object":
      return objectOf(schema, of);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function objectOf(
  schema: Readonly<Record<string, unknown>>,
  of: (part: unknown) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const { properties = {}, additionalProperties: more } = schema;
  if (isObject(more)) return fc.dictionary(text, of(more), { maxKeys: 3 });
  const fields = Object.entries(isObject(properties) ? properties : {});
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return sparse(Object.fromEntries(fields.map(([name, part]) => [name, of(part)])), required);
}

/** Most of what may be left out is: fields that do not go together would make nearly everything wrong. */
export function sparse(
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  required: readonly string[] = [],
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const optional = Object.keys(fields).filter((name) => !required.includes(name));
  return fc
    .subarray(optional, { maxLength: Math.min(3, optional.length) })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries(
          Object.entries(fields).filter(([name]) => required.includes(name) || chosen.includes(name)),
        ),
      ),
    );
}
