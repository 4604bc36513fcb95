import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ADMIN_TOKEN, freshSite } from "../support/fresh-site.ts";
import { call, freshPage } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

const { site, env } = freshSite();
const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"), env);
});
afterAll(() => service.stop());

const embed = (query: Record<string, string>) => fetch(`${service.url}/embed?${new URLSearchParams(query)}`);
const oembed = (query: Record<string, string>) => call(`${service.url}/oembed?${new URLSearchParams(query)}`);

describe("/embed", () => {
  it("C20: is a page for any iframe, with one bar", async () => {
    const page = freshPage();
    const answer = await embed({ site, page, lang: "ko", mode: "compact" });
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors *");
    expect(answer.headers.get("x-frame-options")).toBeNull();
    expect(text).toContain(`<reader-reactions site="${site}" page="${page}" mode="compact" lang="ko">`);
    const other = await fetch(`${service.url}/docs`);
    expect(other.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  it("S22: writes nothing of the address as HTML", async () => {
    const answer = await embed({ site, page: HOSTILE, lang: HOSTILE, mode: HOSTILE });
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).not.toMatch(/<img|<script>|onerror='/);
    expect(text).toContain("&lt;script&gt;alert(1)");
    for (const [status, query] of [
      [404, { site: HOSTILE, page: "p" }],
      [404, { site: "nowhere", page: "p" }],
      [400, { site, page: "" }],
      [400, { site }],
    ] as const) {
      const refused = await embed(query);
      expect(refused.status).toBe(status);
      expect(await refused.text()).toContain("That did not work");
    }
  });
});

describe("/oembed", () => {
  it("C21: answers for embed addresses and registered URLs", async () => {
    const page = freshPage();
    const address = `${service.url}/embed?site=${site}&page=${page}&mode=compact`;
    const answer = await oembed({ url: address, maxwidth: "320" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.body).toMatchObject({
      version: "1.0",
      type: "rich",
      width: 320,
      height: expect.any(Number),
    });
    expect(answer.body.html).toMatch(
      /^<iframe src="http:\/\/127\.0\.0\.1:\d+\/embed\?site=[^"]+"[^<>]*><\/iframe>$/,
    );

    const url = `https://news.example/${page}?a=1&b=2`;
    expect(await oembed({ url })).toMatchObject({ status: 404, body: { code: "embed_unknown" } });
    const title = HOSTILE;
    await call(`${service.url}/v1/sites/${site}/pages`, {
      method: "PUT",
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({ pages: [{ page, title, url }] }),
    });
    const registered = await oembed({ url });
    expect(registered).toMatchObject({ status: 200, body: { title, provider_url: service.url } });
    expect(String(registered.body.html).match(/[<>]/g)).toHaveLength(4);
    expect(registered.body.html).toContain(`page=${page}&quot;`.replace("&quot;", '"'));

    const discovery = await (await fetch(address)).text();
    const [, href = ""] = /type="application\/json\+oembed" href="([^"]+)"/.exec(discovery) ?? [];
    const found = await call(href.replaceAll("&amp;", "&"));
    expect(found.body.html).toContain(`page=${page}`);
  });

  it("S44: says the origin of the Host header, whatever host a trusted peer passes on", async () => {
    const trusting = await startService(inject("redisUrl"), { ...env, TRUST_PROXY: "127.0.0.1" });
    try {
      const address = `${trusting.url}/embed?${new URLSearchParams({ site, page: "p" })}`;
      const claims = { headers: { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" } };
      const { body } = await call(`${trusting.url}/oembed?${new URLSearchParams({ url: address })}`, claims);
      expect(body.provider_url).toBe(trusting.url);
      expect(body.html).not.toContain("evil.example");
      expect(await (await fetch(address, claims)).text()).not.toContain("evil.example");
    } finally {
      await trusting.stop();
    }
  });

  it("S1, S22: refuses other formats, other addresses and nonsense", async () => {
    const url = `${service.url}/embed?site=${site}&page=p`;
    expect(await oembed({ url, format: "xml" })).toMatchObject({
      status: 501,
      body: { code: "format_unknown" },
    });
    for (const address of [
      "",
      "nonsense",
      "javascript:alert(1)",
      "https://evil.example/embed?site=default&page=p",
      `${service.url}/docs`,
    ])
      expect(await oembed({ url: address }), address).toMatchObject({
        status: 404,
        body: { code: "embed_unknown" },
      });
    expect(await oembed({ url: `${service.url}/embed?site=nowhere&page=p` })).toMatchObject({ status: 404 });
    expect(await oembed({ url: `${service.url}/embed?site=${site}` })).toMatchObject({ status: 400 });
    expect(await oembed({ url, maxwidth: "0" })).toMatchObject({
      status: 400,
      body: { code: "query_invalid" },
    });
  });
});
