import { readdirSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startService, type TestService } from "../support/start-service.ts";

let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"));
});
afterAll(() => service.stop());

/** Headers as they travel: fetch would decode the body and hide how it came. */
function head(path: string, encoding?: string, more: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
    const headers = encoding === undefined ? more : { "accept-encoding": encoding, ...more };
    const asked = request(`${service.url}${path}`, { method: "GET", headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    asked.on("error", reject);
    asked.end();
  });
}

describe("files for browsers", () => {
  it("C22: are compressed once, and come in the form that the browser takes", async () => {
    for (const file of ["/widget.js", "/hot-pages.js", "/embed.js", "/", "/demo.css"]) {
      for (const [accepts, comes] of [
        ["gzip, deflate, br", "br"],
        ["gzip", "gzip"],
        ["br;q=0, gzip", "gzip"],
        ["identity", undefined],
        [undefined, undefined],
      ] as const) {
        const { status, headers } = await head(file, accepts);
        expect(status).toBe(200);
        expect(headers["content-encoding"], `${file} for ${accepts}`).toBe(comes);
        expect(String(headers.vary).toLowerCase()).toContain("accept-encoding");
        expect(headers["access-control-allow-origin"]).toBe("*");
        expect(headers["cross-origin-resource-policy"]).toBe("cross-origin");
      }
    }
    expect((await head("/widget.js", "br")).headers["content-type"]).toMatch(
      /^text\/javascript; charset=utf-8$/i,
    );
  });

  it("C22: are cached for ever when their name holds a hash, and shortly when other sites embed their name", async () => {
    const { headers } = await head("/widget.js", "br");
    expect(headers["cache-control"]).toBe("public, max-age=300, stale-while-revalidate=86400");
    const again = await head("/widget.js", "br", { "if-none-match": String(headers.etag) });
    expect(again.status).toBe(304);
    const other = await head("/widget.js", "gzip", { "if-none-match": String(headers.etag) });
    expect(other.status).toBe(200);

    const assets = readdirSync(new URL("../../dist/services/widget/public/assets/", import.meta.url));
    expect(assets.length).toBeGreaterThan(0);
    for (const asset of assets.filter((name) => name.endsWith(".js"))) {
      const answer = await head(`/assets/${asset}`, "br");
      expect(answer.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
      expect(answer.headers["content-encoding"]).toBe("br");
    }
  });

  it("S1: conditions of writers and parts that are not there are passed over, instead of ending in an error", async () => {
    const asset = "/docs/swagger-ui.css";
    for (const file of ["/widget.js", "/dashboard", "/dashboard/", asset])
      for (const more of [
        { "if-match": '"another"' },
        { "if-unmodified-since": "Thu, 01 Jan 1970 00:00:01 GMT" },
        { range: "bytes=99999999-" },
      ])
        expect((await head(file, "br", more)).status, `${file} ${JSON.stringify(more)}`).toBe(200);
  });

  it("S122: no part of a page carries what is about documents, and every page does", async () => {
    const about = [
      "content-security-policy",
      "cross-origin-opener-policy",
      "referrer-policy",
      "x-dns-prefetch-control",
      "x-download-options",
      "x-frame-options",
      "x-permitted-cross-domain-policies",
      "x-xss-protection",
    ];
    const names = (headers: Record<string, unknown>) => Object.keys(headers);
    for (const file of ["/widget.js", "/demo.css", "/stories.json"])
      for (const more of [{}, { "if-none-match": String((await head(file, "br")).headers.etag) }]) {
        const { status, headers } = await head(file, "br", more);
        expect(status).toBe("if-none-match" in more ? 304 : 200);
        for (const name of [...about, "access-control-expose-headers"])
          expect(names(headers), file).not.toContain(name);
        expect(headers["x-content-type-options"]).toBe("nosniff");
        expect(headers["cross-origin-resource-policy"]).toBe("cross-origin");
      }
    for (const path of ["/", "/dashboard", "/docs", "/assets/none.js"]) {
      const { headers } = await head(path, "br");
      expect(names(headers), path).toEqual(expect.arrayContaining(about));
    }
  });

  it("P74: no script for browsers holds a websocket of its own", () => {
    const folder = new URL("../../dist/services/widget/public/", import.meta.url);
    const scripts = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".js"),
    );
    expect(scripts.length).toBeGreaterThan(10);
    for (const script of scripts)
      expect(readFileSync(new URL(script, folder), "utf8"), script).not.toMatch(
        /sec-websocket|permessage-deflate|from ?"ws"/i,
      );
  });

  it("S73: the dashboard's carry hashes, are compressed, and are small", async () => {
    const folder = new URL("../../dist/services/widget/public/dashboard/assets/", import.meta.url);
    const files = readdirSync(folder).filter((name) => /\.(?:js|css)$/.test(name));
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const { status, headers } = await head(`/dashboard/assets/${file}`, "br");
      expect(status).toBe(200);
      expect(headers["content-encoding"]).toBe("br");
      expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    }
    const script = files.find((name) => name.startsWith("main-"));
    expect(statSync(new URL(`${script}.gz`, folder)).size).toBeLessThanOrEqual(65_000);

    for (const path of ["/dashboard", "/dashboard/", "/dashboard?site=x&wall"]) {
      const { status, headers } = await head(path, "br");
      expect(status).toBe(200);
      expect(headers["content-type"]).toMatch(/^text\/html/);
      expect(headers["content-security-policy"]).toContain("require-trusted-types-for 'script'");
      expect(headers["content-security-policy"]).not.toContain("unsafe");
    }
  });

  it("S1: there is nothing else", async () => {
    for (const path of [
      "/assets/none.js",
      "/../package.json",
      "/..%2f..%2fpackage.json",
      "/%E0%A4%A",
      "/widget.js/x",
      "/.env",
    ]) {
      const { status, headers } = await head(path);
      expect(status, path).toBe(404);
      expect(headers["content-type"]).toBe("application/problem+json");
    }
  });
});
