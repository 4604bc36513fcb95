import { describe, expect, it } from "vitest";
import { openApiDocument } from "../../services/api/openapi.ts";

describe("the OpenAPI document", () => {
  it("S14: describes the hot list, registered pages, embedding, and votes from forms", () => {
    const document = openApiDocument("1.0.0");
    const routes = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    for (const route of [
      "get /v1/sites/{site}/hot",
      "put /v1/sites/{site}/pages",
      "get /v1/sites/{site}/pages",
      "get /embed",
      "get /oembed",
      "get /v1/sites/{site}/timeline",
      "get /v1/sites/{site}/timeline.svg",
      "get /v1/sites/{site}/badge.svg",
      "get /v1/sites/{site}/alerts",
      "get /v1/sites/{site}/system",
    ])
      expect(routes).toContain(route);
    expect(JSON.stringify(document.paths?.["/v1/sites/{site}/votes"])).toContain(
      "application/x-www-form-urlencoded",
    );
  });
});
