import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { siteNamed } from "../../services/api/site-named.ts";
import { Reactions } from "../../shared/client/client.ts";
import { followSites } from "../../shared/moderation/follow-sites.ts";
import { putSite } from "../../shared/moderation/site-store.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { signPage } from "../../shared/votes/check-page.ts";
import { ADMIN_TOKEN, moderator } from "../support/moderator.ts";
import { call, countsOf, freshPage, newVoter, tallied, until, vote } from "../support/reader.ts";
import { runCli } from "../support/run-cli.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const KEY = "a key that only the publisher knows";
const LABELS = { en: { wow: "Wow <b>!" }, ko: { wow: "놀라워요" } };

// A Redis of its own: a site that is put is there for every service on it.
let server: TestRedis;
let own: ReturnType<typeof openTestRedis>;
/** One without a file, and one whose file names a site. */
let service: TestService;
let filed: TestService;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "reader-reactions-"));
  const file = join(folder, "sites.json");
  writeFileSync(file, JSON.stringify([{ id: "fixed", name: "Fixed", reactions: ["yes", "no"] }]));
  server = await startTestRedis();
  own = openTestRedis("worker", server.url);
  service = await startService(server.url, { ADMIN_TOKEN, SITES_FILE: "", LIMITS: "on" });
  filed = await startService(server.url, { ADMIN_TOKEN, SITES_FILE: file });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await filed.stop();
  await service.stop();
  await own.lifecycle.stop();
  await server.stop();
});

function ask(method: string, path: string, body?: unknown, token = ADMIN_TOKEN, at = service) {
  return call(`${at.url}/v1/sites${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

const codeOf = async (page: string, site: string, more: object = {}, at = service): Promise<unknown> => {
  const { status, body } = await vote(at.url, { page, reaction: "great", ...more }, {}, site);
  return body.code ?? status;
};

describe("sites that are put through the API", () => {
  it("S96: the open site is there until a first site is put, and does not come back", async () => {
    expect(await codeOf(freshPage(), "default")).toBe(202);
    expect((await ask("GET", "")).body.sites).toMatchObject([{ id: "default", from: "open" }]);
    expect((await ask("DELETE", "/default")).body.code).toBe("site_fixed");
    const put = await ask("PUT", "/first", { name: "First" });
    expect([put.status, put.body.from]).toEqual([201, "api"]);
    expect(await codeOf(freshPage(), "default")).toBe("site_unknown");
    expect((await ask("DELETE", "/first")).status).toBe(204);
    expect(await codeOf(freshPage(), "default")).toBe("site_unknown");
    // Its votes hold places in the list that it had.
    expect((await ask("PUT", "/default", { name: "D", reactions: ["yes"] })).body.code).toBe("site_invalid");
    expect((await ask("PUT", "/default", { name: "D" })).status).toBe(201);
    expect(await codeOf(freshPage(), "default")).toBe(202);
  });

  it("S93: every process follows; a removed site is served no more, and its votes are there when it is put again", async () => {
    const page = freshPage();
    await ask("PUT", "/daily", { name: "Daily" });
    await until("the other process", async () => (await countsOf(filed.url, page, "daily")).total === 0);
    expect(await codeOf(page, "daily", {}, filed)).toBe(202);
    await until("the vote", async () => (await countsOf(service.url, page, "daily")).total === 1);
    const socket = await service.socket("daily");
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    expect((await ask("DELETE", "/daily")).status).toBe(204);
    await gone;
    expect(await codeOf(page, "daily")).toBe("site_unknown");
    expect((await ask("DELETE", "/daily")).body.code).toBe("site_unknown");
    await until(
      "the other process",
      async () => (await countsOf(filed.url, page, "daily")).total === undefined,
    );
    await ask("PUT", "/daily", {
      name: "Daily again",
      reactions: ["great", "sad", "angry", "recommend", "wow"],
    });
    expect(await countsOf(service.url, page, "daily")).toMatchObject({
      total: 1,
      counts: { great: 1, wow: 0 },
    });
    const audit = await moderator(service.url, "daily").audit();
    expect(audit.map(({ what, who }) => [what, who])).toEqual([
      ["site-put", "root"],
      ["site-removed", "root"],
      ["site-put", "root"],
    ]);
  });

  it("S93: only a token of scope admin that works on all sites may", async () => {
    await ask("PUT", "/mine", { name: "Mine" });
    const root = moderator(service.url);
    const { token: small } = await root.createToken({ name: "small", scope: "moderate" });
    const { token: narrow } = await root.createToken({ name: "narrow", scope: "admin", site: "mine" });
    for (const token of [small, narrow]) {
      expect((await ask("GET", "", undefined, token)).body.code).toBe("scope_missing");
      expect((await ask("GET", "/mine", undefined, token)).body.code).toBe("scope_missing");
      expect((await ask("PUT", "/mine", { name: "x" }, token)).body.code).toBe("scope_missing");
      expect((await ask("DELETE", "/mine", undefined, token)).body.code).toBe("scope_missing");
    }
    expect((await call(`${service.url}/v1/sites`)).body.code).toBe("token_missing");
    expect((await ask("POST", "", {})).body.code).toBe("method_unknown");
    expect((await ask("GET", "/mine")).body).toMatchObject({ settings: { name: "Mine" } });
  });

  it("S94: a site of the file is the file's, in every process that has one", async () => {
    for (const [method, body] of [
      ["PUT", { name: "Mine now" }],
      ["DELETE", undefined],
    ] as const)
      expect((await ask(method, "/fixed", body, ADMIN_TOKEN, filed)).body.code).toBe("site_fixed");
    // Put where no file names it, it gives way to the file elsewhere.
    await ask("PUT", "/fixed", { name: "Another" });
    const { sites, book } = await followed(join(folder, "sites.json"));
    expect([sites.get("fixed")?.name, book.originOf("fixed")]).toEqual(["Fixed", "file"]);
    expect(sites.has("default")).toBe(true);
    await ask("DELETE", "/fixed");
  });

  it("S94: faulty settings are refused in sentences and change nothing; a list of reactions only grows, removed or not", async () => {
    await ask("PUT", "/news", { name: "News", reactions: ["wow", "meh"] });
    const bad: [unknown, RegExp][] = [
      ["{", /not JSON/],
      [[], /expected an object/],
      [{}, /at name/],
      [{ name: "News", id: "other" }, /expected news, as in the address/],
      [{ name: "News", colour: 1 }, /colour/],
      [{ name: "News", reactions: ["meh", "wow"] }, /begin with wow, meh, got meh, wow/],
      [{ name: "News", reactions: ["wow", "meh"], labels: { en: { hm: "Hm" } } }, /labels of wow, meh only/],
      [{ name: "News", reactions: ["wow", "meh"], labels: { EN: { wow: "x" } } }, /language tag/],
      [{ name: "News", reactions: ["wow", "meh"], labels: { en: { wow: "x".repeat(41) } } }, /labels.en.wow/],
      [{ name: "News", reactions: ["wow", "meh"], retentionDays: 7 }, /retentionDays/],
      [{ name: "News", reactions: ["wow", "meh"], limits: { newVotersAMinute: 0 } }, /newVotersAMinute/],
      [{ name: "News", reactions: ["wow", "meh"], pages: { open: "signed", keys: [KEY, "short"] } }, /keys/],
    ];
    for (const [settings, sentence] of bad) {
      const { status, body } = await ask("PUT", "/news", settings);
      expect([status, body.detail], JSON.stringify(settings)).toEqual([400, expect.stringMatching(sentence)]);
      expect(JSON.stringify(body)).not.toContain(KEY);
    }
    expect((await ask("PUT", "/A%20b", { name: "x" })).body.code).toBe("site_invalid");
    expect((await ask("PUT", "/news", `{"name":"${"x".repeat(300_000)}"}`)).body.code).toBe("body_too_large");
    expect((await ask("GET", "/news")).body).toMatchObject({ settings: { reactions: ["wow", "meh"] } });
    await ask("DELETE", "/news");
    expect((await ask("PUT", "/news", { name: "News", reactions: ["other"] })).body.code).toBe(
      "site_invalid",
    );
    const grown = ["wow", "meh", "hm"];
    expect((await ask("PUT", "/news", { name: "News", reactions: grown })).status).toBe(201);
  });

  it("S94: of two that append at once one is refused", async () => {
    await ask("PUT", "/race", { name: "Race", reactions: ["a"] });
    const puts = await Promise.allSettled(
      ["b", "c"].map((more) => putSite(own.redis, "race", { name: "Race", reactions: ["a", more] })),
    );
    expect(puts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("S95: keys that sign pages are told to nobody, and stay when they are left out", async () => {
    const put = await ask("PUT", "/signed", { name: "Signed", pages: { open: "signed", keys: [KEY] } });
    const shown = await ask("GET", "/signed");
    const { settings } = shown.body;
    expect(settings).toMatchObject({ pages: { open: "signed" } });
    const again = await ask("PUT", "/signed", { ...(settings as object), name: "Signed anew" });
    expect([again.status, (again.body.settings as { name: string }).name]).toEqual([200, "Signed anew"]);
    const audit = await moderator(service.url, "signed").audit();
    expect(JSON.stringify([put, shown, again, await ask("GET", ""), audit])).not.toContain(KEY);
    const page = freshPage();
    expect(await codeOf(page, "signed")).toBe("page_refused");
    expect(await codeOf(page, "signed", { signature: signPage(KEY, page) })).toBe(202);
  });

  it("S95: the keys of accounts' tokens are told to nobody, and stay when they are left out", async () => {
    const secret = "the publisher's secret, of 32 bytes and more";
    const accounts = { audience: "reactions", keys: [{ algorithm: "HS256", secret }] };
    const put = await ask("PUT", "/members", { name: "Members", voters: { who: "both", accounts } });
    expect(put.status).toBe(201);
    const shown = await ask("GET", "/members");
    const { settings } = shown.body;
    expect(settings).toMatchObject({ voters: { who: "both", accounts: { audience: "reactions" } } });
    const again = await ask("PUT", "/members", { ...(settings as object), name: "Members anew" });
    expect(again.status).toBe(200);
    const audit = await moderator(service.url, "members").audit();
    expect(JSON.stringify([put, shown, again, await ask("GET", ""), audit])).not.toContain("publisher's");
    // Without keys there would be no accounts: so they are still there, until an empty list takes them away.
    const none = await ask("PUT", "/members", {
      name: "Members",
      voters: { who: "both", accounts: { ...accounts, keys: [] } },
    });
    expect([none.status, none.body.code]).toEqual([400, "site_invalid"]);
  });

  it("S96: while Redis is away nobody says that a site is not there which may be", async () => {
    const lost = openTestRedis("producer", "redis://127.0.0.1:1");
    const log = openLog("test", "silent");
    const none = followSites({ sitesFile: undefined }, lost.redis, lost.lifecycle, log);
    const some = followSites({ sitesFile: join(folder, "sites.json") }, lost.redis, lost.lifecycle, log);
    await expect(none.refresh()).rejects.toThrow();
    expect(() => siteNamed(none.sites, "default")).toThrow(expect.objectContaining({ retryAfter_s: 1 }));
    expect(siteNamed(some.sites, "fixed").name).toBe("Fixed");
    await lost.lifecycle.stop();
    await server.pause();
    expect((await ask("GET", "/default", undefined, ADMIN_TOKEN, filed)).status).toBe(200);
    await server.resume();
    await until("Redis", async () => (await ask("PUT", "/default", { name: "D" })).status === 200);
  });

  it("V73: a site lets less through, or more, than others", async () => {
    const limits = { votesAMinuteOfVoter: 3, newVotersAMinute: 2 };
    await ask("PUT", "/few", { name: "Few", limits });
    const voter = await newVoter(service.url, "few");
    const page = freshPage();
    const codes = [];
    for (let n = 0; n < 4; n++) codes.push(await codeOf(page, "few", { voter }));
    expect(codes).toEqual([202, 202, 202, "votes_too_fast"]);
    const third = await Promise.all(
      [1, 2].map(() => call(`${service.url}/v1/sites/few/voters`, { method: "POST" })),
    );
    expect(third.map(({ status }) => status).sort()).toEqual([201, 429]);
    expect(third.find(({ status }) => status === 429)?.headers.get("ratelimit-policy")).toContain("q=2");
    const other = await newVoter(service.url);
    for (let n = 0; n < 10; n++) expect(await codeOf(page, "default", { voter: other })).toBe(202);
  });

  it("V73: an office that used up what one site lets its network vote is taken by the others", async () => {
    await ask("PUT", "/quiet", { name: "Quiet", limits: { votesAMinuteOfNetwork: 2 } });
    await ask("PUT", "/busy", { name: "Busy" });
    const page = freshPage();
    const [here, there] = [await newVoter(service.url, "quiet"), await newVoter(service.url, "busy")];
    const codes = [];
    for (let n = 0; n < 3; n++) codes.push(await codeOf(page, "quiet", { voter: here }));
    expect(codes).toEqual([202, 202, "votes_too_fast"]);
    expect(await codeOf(page, "busy", { voter: there })).toBe(202);
  });

  it("S97: everybody may read what a site calls its reactions; embed page, pictures and forms' answers show it as text", async () => {
    await ask("PUT", "/labelled", { name: "Labelled", reactions: ["wow", "meh"], labels: LABELS });
    const reactions = new Reactions({ endpoint: service.url, site: "labelled" });
    expect(await reactions.reactions()).toEqual({ reactions: ["wow", "meh"], labels: LABELS });
    const page = freshPage();
    await tallied(service.url, { page, reaction: "wow" }, "labelled");
    const read = async (path: string) => await (await fetch(`${service.url}${path}`)).text();
    for (const path of [
      `/embed?site=labelled&page=${page}`,
      `/v1/sites/labelled/badge.svg?page=${page}`,
      `/v1/sites/labelled/timeline.svg?page=${page}`,
    ]) {
      const shown = await read(path);
      expect(shown, path).toContain("Wow &lt;b&gt;!");
      expect(shown, path).not.toContain("Wow <b>");
      expect(await read(`${path}&lang=ko-KR`), path).toContain("놀라워요");
      expect(shown, path).toContain("meh");
    }
    const form = new URLSearchParams({ page, reaction: "wow" });
    const thanks = await fetch(`${service.url}/v1/sites/labelled/votes`, { method: "POST", body: form });
    expect(await thanks.text()).toContain("Your reaction: Wow &lt;b&gt;!.");
  });

  // Eight processes, one after another, on a machine that may be busy.
  it("M72: the command line lists, shows, sets and removes sites", { timeout: 120_000 }, async () => {
    const here = { endpoint: service.url };
    const file = join(folder, "weekly.json");
    writeFileSync(file, JSON.stringify({ name: "Weekly", pages: { open: "signed", keys: [KEY] } }));
    expect((await runCli(here, "site", "set", "weekly", file)).out).toContain("weekly");
    const shown = await runCli(here, "site", "show", "weekly");
    expect(shown.out).not.toContain(KEY);
    writeFileSync(file, shown.out.replace("Weekly", "The Weekly"));
    expect((await runCli(here, "site", "set", "weekly", file)).code).toBe(0);
    expect((await runCli(here, "site", "list")).out).toMatch(/weekly +The Weekly +signed +api/);
    expect((await runCli(here, "site", "remove", "weekly")).code).toBe(2);
    expect((await runCli(here, "site", "remove", "weekly", "--yes")).code).toBe(0);
    const missing = await runCli(here, "site", "show", "weekly");
    expect([missing.code, missing.err]).toEqual([3, expect.stringContaining("site_unknown")]);
    writeFileSync(file, "[1]");
    expect((await runCli(here, "site", "set", "weekly", file)).code).toBe(1);
  });
});

/** The sites of a process with this file, once it has heard of those in Redis. */
async function followed(file: string) {
  const lifecycle = new Lifecycle();
  const book = followSites({ sitesFile: file }, own.redis, lifecycle, openLog("test", "silent"));
  await book.refresh();
  await lifecycle.stop();
  return { sites: book.sites, book };
}
