import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { countsOf, freshPage } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"));
});
afterAll(() => service.stop());

const ARTICLE = "https://news.example/story?id=7";

function post(
  fields: Record<string, string> | string,
  headers: Record<string, string> = {},
  site = "default",
) {
  return fetch(`${service.url}/v1/sites/${site}/votes`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: String(typeof fields === "string" ? fields : new URLSearchParams(fields)),
  });
}

describe("votes from forms", () => {
  it("C18: count, and lead back to the page with the form", async () => {
    const page = freshPage("é");
    const back = await post({ page, reaction: "great" }, { referer: ARTICLE });
    expect([back.status, back.headers.get("location")]).toEqual([303, ARTICLE]);
    expect(back.headers.getSetCookie()).toEqual([]);
    expect((await countsOf(service.url, page)).total).toBe(1);
    // Browsers tell another origin no more than the origin; then the form's own word counts, if it is of that origin.
    const origin = { origin: "https://news.example", referer: "https://news.example/" };
    const named = await post({ page, reaction: "sad", return: ARTICLE }, origin);
    expect([named.status, named.headers.get("location")]).toEqual([303, ARTICLE]);
    const byPage = await post({ page: ARTICLE, reaction: "" }, origin);
    expect([byPage.status, byPage.headers.get("location")]).toEqual([303, ARTICLE]);
    expect((await countsOf(service.url, page)).counts).toMatchObject({ great: 1, sad: 1 });
    expect((await countsOf(service.url, ARTICLE)).total).toBe(0);
  });

  it("S21: lead nowhere but to the site that holds the form", async () => {
    const evil = "https://evil.example/";
    const headers: Record<string, string>[] = [
      {},
      { origin: "null" },
      { origin: "https://news.example" },
      { referer: "javascript:alert(1)" },
      { referer: "https://user:pass@news.example/" },
      { referer: `https://news.example/${"x".repeat(3_000)}` },
      { referer: "nonsense", origin: "https://evil.example.news.example" },
    ];
    for (const sent of headers) {
      const answer = await post({ page: freshPage(), reaction: "great", return: evil }, sent);
      expect(answer.status, JSON.stringify(sent)).toBe(200);
      expect(answer.headers.get("location")).toBeNull();
    }
    const home = await post(
      { page: freshPage(), reaction: "great", return: evil },
      { origin: "https://news.example", referer: "https://news.example/" },
    );
    expect(home.headers.get("location")).toBe("https://news.example/");
    for (const address of [
      "javascript:alert(1)",
      "//evil.example",
      "/story",
      "https://news.example@evil.example/",
    ]) {
      const answer = await post(
        { page: freshPage(), reaction: "great", return: address },
        { origin: "https://news.example" },
      );
      expect(answer.status, address).toBe(200);
    }
  });

  it("C18: say the counts in words when the page with the form is not known", async () => {
    const page = freshPage("<b>");
    const answer = await post({ page, reaction: "angry" });
    const text = await answer.text();
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(text).toContain("Your reaction: angry.");
    expect(text).toContain("0 great, 0 sad, 1 angry, 0 recommend");
    expect(text).not.toContain("<b>");
  });

  it("S22: are refused with a sentence on a page, and change nothing", async () => {
    const page = freshPage();
    const bad: [status: number, fields: Record<string, string> | string, headers?: Record<string, string>][] =
      [
        [400, {}],
        [400, { page }],
        [400, { reaction: "great" }],
        [400, { page: "", reaction: "great" }],
        [400, { page: "__proto__", reaction: "great" }],
        [400, { page, reaction: "<script>alert(1)</script>" }],
        [400, `page=${page}&page=other&reaction=great`],
        [400, `page=${page}%07&reaction=great`],
        [413, { page, reaction: "great", more: "x".repeat(9_000) }],
        [
          415,
          { page, reaction: "great" },
          { "content-type": "application/x-www-form-urlencoded; charset=utf-16" },
        ],
      ];
    for (const [status, fields, headers] of bad) {
      const answer = await post(fields, { referer: ARTICLE, ...headers });
      const text = await answer.text();
      expect(answer.status, text).toBe(status);
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(text).toMatch(/<h1>That did not work<\/h1>\s*<p>[A-Z]/);
      expect(text).not.toContain("alert(1)");
    }
    expect((await post({ page, reaction: "great" }, {}, "nowhere")).status).toBe(404);
    expect((await countsOf(service.url, page)).total).toBe(0);
  });
});
