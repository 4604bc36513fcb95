import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ADMIN_TOKEN, freshSite } from "../support/fresh-site.ts";
import { call, freshPage } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

const { site, env } = freshSite();
let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"), env);
});
afterAll(() => service.stop());

const TOKEN = { authorization: `Bearer ${ADMIN_TOKEN}` };

function put(body: unknown, headers: Record<string, string> = TOKEN) {
  return call(`${service.url}/v1/sites/${site}/pages`, {
    method: "PUT",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function list(): Promise<readonly Record<string, unknown>[]> {
  const pages: Record<string, unknown>[] = [];
  let cursor = "";
  do {
    const { status, body } = await call(`${service.url}/v1/sites/${site}/pages?limit=7&cursor=${cursor}`, {
      headers: TOKEN,
    });
    expect(status).toBe(200);
    pages.push(...(body.pages as Record<string, unknown>[]));
    cursor = String(body.cursor ?? "");
  } while (cursor !== "");
  return pages;
}

function row(page: string, more: object = {}) {
  return { page, title: "A title", url: "https://news.example/a", ...more };
}

describe("registered pages", () => {
  it("C10, C11: are stored, changed, and listed part by part", async () => {
    const pages = Array.from({ length: 120 }, (_, n) =>
      row(`p${String(n).padStart(3, "0")} é`, {
        url: `https://news.example/${n}`,
        published: 1_700_000_000_000 + n,
      }),
    );
    expect(await put({ pages })).toMatchObject({ status: 200, body: { registered: 120 } });
    expect(await put({ pages })).toMatchObject({ status: 200, body: { registered: 120 } });
    expect(await list()).toEqual(pages);
    const changed = { ...row("p003 é"), title: '<img src=x onerror="alert(1)"> 한국어' };
    expect(await put({ pages: [row("p003 é"), changed] })).toMatchObject({ body: { registered: 1 } });
    expect((await list())[3]).toEqual(changed);
    expect(await put({ pages: [] })).toMatchObject({ status: 200, body: { registered: 0 } });
  });

  it("C10: takes all of a request or nothing", async () => {
    const before = await list();
    const good = row(freshPage());
    const wrong: [field: string, rows: unknown[]][] = [
      ["pages.1.title", [good, row("x", { title: "" })]],
      ["pages.1.title", [good, row("x", { title: "  " })]],
      ["pages.1.title", [good, row("x", { title: "x".repeat(301) })]],
      ["pages.1.title", [good, row("x", { title: "two\nlines" })]],
      ["pages.1.title", [good, row("x", { title: "turned \u202e around" })]],
      ["pages.1.title", [good, row("x", { title: 7 })]],
      ["pages.1.url", [good, row("x", { url: "javascript:alert(1)" })]],
      ["pages.1.url", [good, row("x", { url: "data:text/html,x" })]],
      ["pages.1.url", [good, row("x", { url: "/relative" })]],
      ["pages.1.url", [good, row("x", { url: "https://user:secret@news.example/" })]],
      ["pages.1.url", [good, row("x", { url: `https://news.example/${"x".repeat(2_048)}` })]],
      ["pages.1.page", [good, row("")]],
      ["pages.1.page", [good, row("__proto__")]],
      ["pages.1.published", [good, row("x", { published: "yesterday" })]],
      ["pages.1.published", [good, row("x", { published: -1 })]],
      ["pages.1", [good, null]],
      ["pages", Array.from({ length: 1_001 }, (_, n) => row(`n${n}`))],
    ];
    for (const [field, pages] of wrong) {
      const { status, body } = await put({ pages });
      expect(body, field).toMatchObject({ code: "body_invalid", retryable: false });
      expect(String(body.detail)).toMatch(new RegExp(`^${field}: `));
      expect(status).toBe(400);
    }
    for (const body of ["{", "[]", "null", "{}", '{"pages":{}}'])
      expect(await put(body), body).toMatchObject({ status: 400, body: { code: "body_invalid" } });
    expect(await put(`{"pages":[],"more":"${"x".repeat(2_200_000)}"}`)).toMatchObject({
      status: 413,
      body: { code: "body_too_large" },
    });
    expect(await list()).toEqual(before);
  });

  it("S20: need a token", async () => {
    const page = freshPage();
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { authorization: `Bearer ${ADMIN_TOKEN}x` },
    ]) {
      expect((await put({ pages: [row(page)] }, headers)).status).toBe(401);
      expect((await call(`${service.url}/v1/sites/${site}/pages`, { headers })).status).toBe(401);
    }
    expect((await list()).find((known) => known.page === page)).toBeUndefined();
    const strange = await call(`${service.url}/v1/sites/${site}/pages?cursor=AA`, { headers: TOKEN });
    expect(strange).toMatchObject({ status: 400, body: { code: "query_invalid" } });
  });
});
