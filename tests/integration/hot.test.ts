import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ADMIN_TOKEN, freshSite } from "../support/fresh-site.ts";
import { call, freshPage, newVoter, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { site, env } = freshSite();
const { redis, lifecycle } = openTestRedis();
let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"), env);
});
afterAll(async () => {
  await service.stop();
  await lifecycle.stop();
});

interface Listed {
  readonly page: string;
  readonly title: string;
  readonly url: string;
  readonly score: number;
  readonly total: number;
}

async function hot(query = ""): Promise<readonly Listed[]> {
  const { status, body } = await call(`${service.url}/v1/sites/${site}/hot?limit=50&${query}`);
  expect(status).toBe(200);
  return body.pages as Listed[];
}

async function register(...pages: readonly string[]): Promise<void> {
  const { status } = await call(`${service.url}/v1/sites/${site}/pages`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({
      pages: pages.map((page) => ({ page, title: `About ${page}`, url: `https://news.example/${page}` })),
    }),
  });
  expect(status).toBe(200);
}

/** A vote, and the hot lists moved by it: they follow the counts a moment later. */
async function voteAndWait(page: string, reaction: string | null, voter: string, listed: number | undefined) {
  await tallied(service.url, { page, reaction, voter }, site);
  await until(`${page} to be at ${listed}`, async () => {
    const found = (await hot("window=week")).find((one) => one.page === page);
    return found === undefined ? listed === undefined : Math.round(found.score) === listed;
  });
}

describe("GET hot", () => {
  it("C12, C14, C15: lists registered pages by what readers do, hottest first", async () => {
    const [one, two, untitled] = [freshPage("one"), freshPage("two"), freshPage("untitled")];
    await register(one, two);
    const [a, b] = [await newVoter(service.url, site), await newVoter(service.url, site)];
    await tallied(service.url, { page: untitled, reaction: "great", voter: a }, site);
    await voteAndWait(one, "great", a, 1);
    await voteAndWait(two, "sad", a, 1);
    await voteAndWait(two, "recommend", b, 2);
    const list = await hot("window=hour");
    expect(list.map(({ page }) => page)).toEqual([two, one]);
    expect(list[0]).toEqual({
      page: two,
      title: `About ${two}`,
      url: `https://news.example/${two}`,
      score: expect.closeTo(2, 1),
      counts: { great: 0, sad: 1, angry: 0, recommend: 1 },
      total: 2,
    });
    expect((await hot("reaction=sad")).map(({ page }) => page)).toEqual([two]);
    expect(await hot("reaction=angry")).toEqual([]);

    // A title that comes later lists the page with what it has gathered.
    await register(untitled);
    expect((await hot()).map(({ page }) => page).sort()).toEqual([one, two, untitled].sort());

    await voteAndWait(one, null, a, undefined);
    await voteAndWait(two, null, b, 1);
    expect((await hot()).find(({ page }) => page === one)).toBeUndefined();
  });

  it("C15: passes hidden pages over and lists frozen ones", async () => {
    const [hidden, frozen] = [freshPage("hidden"), freshPage("frozen")];
    await register(hidden, frozen);
    for (const page of [hidden, frozen])
      await voteAndWait(page, "great", await newVoter(service.url, site), 1);
    await redis.hset(`{${site}:${hidden}}:page`, "state", "hidden");
    await redis.hset(`{${site}:${frozen}}:page`, "state", "frozen");
    const listed = (await hot()).map(({ page }) => page);
    expect(listed).toContain(frozen);
    expect(listed).not.toContain(hidden);
  });

  it("C17: is cacheable, and 304 until a vote changes the list", async () => {
    const page = freshPage();
    const voter = await newVoter(service.url, site);
    await register(page);
    await voteAndWait(page, "great", voter, 1);
    const path = `${service.url}/v1/sites/${site}/hot?window=hour`;
    const first = await call(path);
    expect(first.headers.get("cache-control")).toMatch(/^public, max-age=1, stale-while-revalidate=\d+$/);
    expect(first.headers.get("access-control-allow-origin")).toBe("*");
    const again = { "if-none-match": first.headers.get("etag") ?? "", "cache-control": "max-age=0" };
    expect((await call(path, { headers: again })).status).toBe(304);
    await voteAndWait(page, "sad", voter, 1);
    expect((await call(path, { headers: again })).status).toBe(200);
  });

  it("S1, S20: refuses what it does not know", async () => {
    const ask = (query: string, id = site) => call(`${service.url}/v1/sites/${id}/hot?${query}`);
    for (const query of [
      "window=year",
      "window=__proto__",
      "limit=0",
      "limit=51",
      "limit=-1",
      "limit=1.5",
      "limit=",
      "limit=x",
    ])
      expect(await ask(query), query).toMatchObject({ status: 400, body: { code: "query_invalid" } });
    expect(await ask("reaction=love")).toMatchObject({ status: 400, body: { code: "reaction_unknown" } });
    expect(await ask("", "nowhere")).toMatchObject({ status: 404, body: { code: "site_unknown" } });
    const post = await call(`${service.url}/v1/sites/${site}/hot`, { method: "POST" });
    expect(post).toMatchObject({ status: 405, body: { code: "method_unknown" } });
    expect((await call(`${service.url}/v1/sites/${site}/hot`)).body.pages).not.toHaveLength(0);
  });
});
