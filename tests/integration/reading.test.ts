import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { call, freshPage, newVoter, tallied } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"));
});
afterAll(() => service.stop());

const at = (path: string, init?: RequestInit) => call(`${service.url}${path}`, init);

describe("GET counts", () => {
  it("C1: answers in the order asked, with zeros for pages without votes", async () => {
    const [voted, empty] = [freshPage("gelesen é"), freshPage()];
    await tallied(service.url, { page: voted, reaction: "sad" });
    const query = new URLSearchParams([
      ["page", empty],
      ["page", voted],
      ["page", empty],
    ]);
    const { status, body } = await at(`/v1/sites/default/counts?${query}`);
    const nothing = {
      page: empty,
      counts: { great: 0, sad: 0, angry: 0, recommend: 0 },
      total: 0,
      epoch: "",
      rev: 0,
      state: "open",
    };
    expect(status).toBe(200);
    expect(body.pages).toEqual([
      nothing,
      {
        ...nothing,
        page: voted,
        counts: { great: 0, sad: 1, angry: 0, recommend: 0 },
        total: 1,
        epoch: expect.stringMatching(/./),
        rev: 1,
      },
      nothing,
    ]);
  });

  it("C4: is cacheable and answers 304 until something changes", async () => {
    const page = freshPage();
    await tallied(service.url, { page, reaction: "great" });
    const path = `/v1/sites/default/counts?page=${page}`;
    const first = await at(path);
    // fetch adds no-cache to such a request, which asks for a fresh answer, unless it is told otherwise.
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toMatch(/^public, max-age=1, stale-while-revalidate=\d+$/);
    expect(first.headers.get("access-control-allow-origin")).toBe("*");
    expect(
      (await at(path, { headers: { "if-none-match": etag, "cache-control": "max-age=0" } })).status,
    ).toBe(304);
    await tallied(service.url, { page, reaction: "great" });
    expect(
      (await at(path, { headers: { "if-none-match": etag, "cache-control": "max-age=0" } })).status,
    ).toBe(200);
  });

  it("S12: takes a hundred pages and no more", async () => {
    const pages = (n: number) => new URLSearchParams(Array.from({ length: n }, (_, i) => ["page", `${i}`]));
    expect((await at(`/v1/sites/default/counts?${pages(100)}`)).body.pages).toHaveLength(100);
    expect(await at(`/v1/sites/default/counts?${pages(101)}`)).toMatchObject({
      status: 400,
      body: { code: "too_many_pages" },
    });
    expect(await at("/v1/sites/default/counts")).toMatchObject({
      status: 400,
      body: { code: "pages_invalid" },
    });
    expect(await at("/v1/sites/default/counts?page=")).toMatchObject({
      status: 400,
      body: { code: "page_invalid" },
    });
    expect(await at("/v1/sites/default/counts?page=__proto__")).toMatchObject({
      status: 400,
      body: { code: "page_invalid" },
    });
  });
});

describe("GET mine", () => {
  it("C5: tells a voter what they hold, and is never cached", async () => {
    const [one, two] = [freshPage(), freshPage()];
    const voter = await newVoter(service.url);
    await tallied(service.url, { page: one, reaction: "angry", voter });
    const { body, headers } = await at(`/v1/sites/default/mine?page=${two}&page=${one}`, {
      headers: { authorization: `Bearer ${voter}` },
    });
    expect(body).toEqual({
      pages: [
        { page: two, reaction: null },
        { page: one, reaction: "angry" },
      ],
    });
    expect(headers.get("cache-control")).toBe("no-store");
    await tallied(service.url, { page: one, reaction: null, voter });
    expect(
      (await at(`/v1/sites/default/mine?page=${one}`, { headers: { authorization: `Bearer ${voter}` } }))
        .body,
    ).toEqual({ pages: [{ page: one, reaction: null }] });
  });

  it("S5: needs a voter's token, and a genuine one", async () => {
    const ask = (headers: Record<string, string>) => at("/v1/sites/default/mine?page=p", { headers });
    const voter = await newVoter(service.url);
    expect(await ask({})).toMatchObject({ status: 401, body: { code: "voter_missing" } });
    for (const token of [
      `${voter}x`,
      voter.slice(0, -1),
      voter.replace("a1.", "a2."),
      await newVoter(service.url, "other"),
    ]) {
      expect(await ask({ authorization: `Bearer ${token}` })).toMatchObject({
        status: 401,
        body: { code: "voter_invalid" },
      });
    }
    expect(await ask({ authorization: "Basic eDp5" })).toMatchObject({
      status: 401,
      body: { code: "voter_invalid" },
    });
  });
});

describe("operations", () => {
  it("S14: health, readiness, metrics and documentation answer", async () => {
    expect(await at("/healthz")).toMatchObject({ status: 200, body: { ok: true } });
    expect(await at("/readyz")).toMatchObject({ status: 200, body: { ok: true, reasons: {} } });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    for (const name of [
      "reactions_votes_accepted_total",
      "reactions_commit_seconds_bucket",
      "reactions_votes_waiting",
      "reactions_jobs_kept_failed",
      "reactions_viewers",
      "process_cpu_seconds_total",
    ]) {
      expect(metrics).toContain(`\n${name}`);
    }
    const { body } = await at("/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    const paths = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    for (const route of [
      "post /v1/sites/{site}/votes",
      "post /v1/sites/{site}/voters",
      "get /v1/sites/{site}/counts",
      "get /v1/sites/{site}/mine",
      "get /healthz",
    ])
      expect(paths).toContain(route);
    for (const path of ["/docs", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js"]) {
      expect((await fetch(`${service.url}${path}`)).status, path).toBe(200);
    }
  });

  it("S11: no answer sets a cookie", async () => {
    const page = freshPage();
    const answers = [
      await tallied(service.url, { page, reaction: "great" }),
      await at("/v1/sites/default/voters", { method: "POST" }),
      await at(`/v1/sites/default/counts?page=${page}`),
      await at("/healthz"),
    ];
    for (const { headers } of answers) expect(headers.getSetCookie()).toEqual([]);
  });
});
