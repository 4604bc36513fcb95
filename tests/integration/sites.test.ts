import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { signPage } from "../../shared/votes/check-page.ts";
import { keysIn } from "../support/each-master.ts";
import { ADMIN_TOKEN } from "../support/fresh-site.ts";
import { knock } from "../support/knock.ts";
import { call, freshPage, newVoter, tallied, until, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const NEWS = "https://news.example";
const EVIL = "https://news.example.evil.example";
const KEYS = ["the newer key of the publisher", "the older key of the publisher"] as const;
const site = `s-${randomUUID()}`;
const SITES = [
  { id: site, name: "News", origins: [NEWS], pages: { open: "origin", patterns: ["article-*"] } },
  { id: `${site}-registered`, name: "Registered", pages: { open: "registered" } },
  { id: `${site}-signed`, name: "Signed", pages: { open: "signed", keys: KEYS } },
  { id: `${site}-few`, name: "Few", limits: { newPagesAMinute: 3 } },
];
// A Redis of its own: other tests use up what voters loopback may make in a minute.
let server: TestRedis;
let own: ReturnType<typeof openTestRedis>;
let service: TestService;
let folder: string;
let file: string;

/** Writes the file as an editor does: at once. */
function writeSites(sites: unknown): void {
  writeFileSync(`${file}.new`, typeof sites === "string" ? sites : JSON.stringify(sites));
  renameSync(`${file}.new`, file);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "reader-reactions-"));
  file = join(folder, "sites.json");
  writeSites(SITES);
  server = await startTestRedis();
  own = openTestRedis("worker", server.url);
  service = await startService(server.url, { SITES_FILE: file, ADMIN_TOKEN, LIMITS: "on" });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await service.stop();
  await own.lifecycle.stop();
  await server.stop();
});

function codeOf(page: string, more: object, of = site, headers: Record<string, string> = {}) {
  return vote(service.url, { page, reaction: "great", ...more }, headers, of).then(
    ({ body }) => body.code ?? 202,
  );
}

/** What oEmbed says for an address. */
function oembed(url: string) {
  return call(`${service.url}/oembed?${new URLSearchParams({ url })}`);
}

async function register(of: string, page: string, url: string): Promise<void> {
  const answer = await call(`${service.url}/v1/sites/${of}/pages`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ pages: [{ page, title: "A page", url }] }),
  });
  expect(answer.status).toBe(200);
}

describe("sites", () => {
  it("C21: the bar that oEmbed gives for a registered page of a signed site takes the first vote", async () => {
    const page = freshPage();
    await register(`${site}-signed`, page, `https://signed.example/${page}`);
    const { status, body } = await oembed(`https://signed.example/${page}`);
    expect(status).toBe(200);
    const address = /src="([^"]+)"/.exec(String(body.html))?.[1]?.replaceAll("&amp;", "&") ?? "";
    const signature = new URL(address).searchParams.get("signature") ?? "";
    expect(await (await fetch(address)).text()).toContain(`signature="${signature}"`);
    expect(await codeOf(page, {}, `${site}-signed`)).toBe("page_refused");
    expect(await codeOf(page, { signature }, `${site}-signed`)).toBe(202);
  });

  it("S152: oEmbed looks for an address on the sites whose origins it is of", async () => {
    const [page, other] = [freshPage(), freshPage()];
    await register(site, page, `${NEWS}/${page}`);
    await register(site, other, `${EVIL}/${other}`);
    expect((await oembed(`${NEWS}/${page}`)).status).toBe(200);
    expect((await oembed(`${EVIL}/${other}`)).body.code).toBe("embed_unknown");
    await register(`${site}-few`, other, `${EVIL}/${other}`);
    expect((await oembed(`${EVIL}/${other}`)).body.html).toContain(`${site}-few`);
  });

  it("S62: what a form is answered is framed by whom the bar may be framed by, and other problems by nobody", async () => {
    const framedBy = async (of: string, fields: Record<string, string>) => {
      const body = new URLSearchParams({ page: freshPage("article"), reaction: "great", ...fields });
      const answer = await fetch(`${service.url}/v1/sites/${of}/votes`, {
        method: "POST",
        body,
        redirect: "manual",
      });
      return [
        answer.status,
        /frame-ancestors (.*)$/.exec(answer.headers.get("content-security-policy") ?? "")?.[1],
      ];
    };
    expect(await framedBy(site, {})).toEqual([200, `'self' ${NEWS}`]);
    expect(await framedBy(site, { reaction: "no such" })).toEqual([400, `'self' ${NEWS}`]);
    expect(await framedBy(`${site}-few`, { reaction: "no such" })).toEqual([400, "*"]);
    expect(await framedBy("nowhere", {})).toEqual([404, "'none'"]);
    const refused = await fetch(`${service.url}/embed?site=nowhere&page=p`);
    expect(refused.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  it("S62: votes, voters and forms are taken from the site's pages and refused from others, and nothing is kept", async () => {
    const page = freshPage("article");
    for (const origin of [EVIL, "null", "http://news.example"]) {
      expect(await codeOf(page, {}, site, { origin }), origin).toBe("origin_refused");
      const form = await fetch(`${service.url}/v1/sites/${site}/votes`, {
        method: "POST",
        headers: { origin, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ page, reaction: "great" }),
        redirect: "manual",
      });
      expect(form.status, origin).toBe(403);
      const voters = await call(`${service.url}/v1/sites/${site}/voters`, {
        method: "POST",
        headers: { origin },
      });
      expect(voters.body.code).toBe("origin_refused");
    }
    expect(await keysIn(own.redis, `*${page}*`)).toEqual([]);
    for (const origin of [NEWS, new URL(service.url).origin])
      expect(await codeOf(page, {}, site, { origin })).toBe(202);
    expect(await codeOf(page, {})).toBe(202);
  });

  it("S62: only the site's pages may read answers and frame its bar", async () => {
    const path = `/v1/sites/${site}/counts?page=a`;
    const readable = async (origin: string, init: RequestInit = {}) =>
      (await fetch(`${service.url}${path}`, { ...init, headers: { origin } })).headers;
    expect((await readable(NEWS)).get("access-control-allow-origin")).toBe(NEWS);
    expect((await readable(NEWS)).get("vary")).toMatch(/origin/i);
    expect((await readable(EVIL)).get("access-control-allow-origin")).toBeNull();
    expect((await readable(EVIL, { method: "OPTIONS" })).get("access-control-allow-origin")).toBeNull();
    const embed = await fetch(`${service.url}/embed?site=${site}&page=a`);
    expect(embed.headers.get("content-security-policy")).toMatch(
      /frame-ancestors 'self' https:\/\/news\.example$/,
    );
  });

  it("S62: refusals and other spellings of an address are shown to no other page either", async () => {
    const letter = `%${site.charCodeAt(0).toString(16)}${site.slice(1)}`;
    const embed = `${service.url}/embed?${new URLSearchParams({ site, page: "a" })}`;
    const asked: readonly [status: number, path: string, method?: string][] = [
      [200, `/V1/Sites/${site}/hot`],
      [200, `/v1/sites/${site}/COUNTS/?page=a`],
      [200, `/v1/sites/${letter}/counts?page=a`],
      [200, `/v1/sites/${letter}/reactions`],
      [400, `/v1/sites/${site}/counts`],
      [401, `/v1/sites/${site}/mine?page=a`],
      [401, `/v1/sites/${site}`],
      [404, `/v1/sites/${site}/nothing`],
      [405, `/v1/sites/${site}/votes`],
      [400, `/v1/sites/${site}/votes`, "POST"],
      [200, `/oembed?${new URLSearchParams({ url: embed })}`],
      [200, `/embed?${new URLSearchParams({ site, page: "a" })}`],
      [200, `/EMBED/?${new URLSearchParams({ site, page: "a" })}`],
      [400, `/embed?${new URLSearchParams({ site, page: "" })}`],
    ];
    for (const [status, path, method = "GET"] of asked) {
      const ask = (origin: string) => fetch(`${service.url}${path}`, { method, headers: { origin } });
      const [ours, evil] = [await ask(NEWS), await ask(EVIL)];
      expect(ours.status, path).toBe(status);
      expect(ours.headers.get("access-control-allow-origin"), path).toBe(NEWS);
      for (const { headers } of [ours, evil]) expect(headers.get("vary"), path).toMatch(/origin/i);
      expect(evil.headers.get("access-control-allow-origin"), path).toBeNull();
    }
    const everybodys = await fetch(`${service.url}/v1/sites/${site}-few/counts`, {
      headers: { origin: EVIL },
    });
    expect(everybodys.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("S62: a socket of another page is refused at the upgrade or when it names the site", async () => {
    expect(await knock(service.url, { site }, NEWS)).toBe("connected");
    expect(await knock(service.url, { site }, EVIL)).toMatchObject({ problem: { code: "origin_refused" } });
    expect(await knock(service.url, { site: `${site}-few` }, EVIL)).toBe("connected");
    expect(await knock(service.url, { site: "constructor" }, NEWS)).toMatchObject({
      problem: { code: "site_unknown" },
    });
  });

  it("S63: readers open only the pages that the site's rule lets them", async () => {
    expect(await codeOf(`${NEWS}/${freshPage()}`, {})).toBe(202);
    expect(await codeOf(freshPage("article"), {})).toBe(202);
    for (const page of [
      freshPage(),
      `${EVIL}/a`,
      "https://news.example@evil.example/a",
      "javascript:alert(1)",
    ])
      expect(await codeOf(page, {}), page).toBe("page_refused");

    const registered = freshPage();
    expect(await codeOf(registered, {}, `${site}-registered`)).toBe("page_refused");
    await call(`${service.url}/v1/sites/${site}-registered/pages`, {
      method: "PUT",
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ pages: [{ page: registered, title: "A", url: `${NEWS}/a` }] }),
    });
    expect(await codeOf(registered, {}, `${site}-registered`)).toBe(202);

    const signed = `${site}-signed`;
    for (const key of KEYS) {
      const page = freshPage();
      for (const signature of [
        undefined,
        "",
        "x",
        signPage("some other key of somebody", page),
        signPage(key, "other"),
      ])
        expect(await codeOf(page, { signature }, signed)).toBe("page_refused");
      expect(await codeOf(page, { signature: "x".repeat(200) }, signed)).toBe("page_refused");
      const first = {
        page,
        reaction: "great",
        signature: signPage(key, page),
        voter: await newVoter(service.url, signed),
      };
      expect((await tallied(service.url, first, signed)).status).toBe(200);
      const byForm = freshPage();
      const fields = { page: byForm, reaction: "great", signature: signPage(key, byForm) };
      const form = { method: "POST", body: new URLSearchParams(fields) };
      expect((await fetch(`${service.url}/v1/sites/${signed}/votes`, form)).status).toBe(200);
      // Once open it takes everybody's votes.
      expect(await codeOf(page, {}, signed)).toBe(202);
    }
  });

  it("S64: a network that opens too many pages in a minute is told when to come back; open pages take its votes", async () => {
    const few = `${site}-few`;
    const pages = Array.from({ length: 6 }, () => freshPage());
    const answers = [];
    for (const page of pages) answers.push(await vote(service.url, { page, reaction: "great" }, {}, few));
    const refused = answers.filter(({ status }) => status !== 202);
    // A minute may have turned meanwhile.
    expect([0, 3]).toContain(refused.length);
    for (const { status, body, headers } of refused) {
      expect([status, body.code, headers.get("retry-after")]).toEqual([429, "pages_too_fast", "60"]);
    }
    expect(await codeOf(pages[0] ?? "", {}, few)).toBe(202);
  });

  it("S60: a changed file of sites takes effect, viewers come back under it; a faulty one changes nothing", async () => {
    const late = `${site}-late`;
    const viewer = await service.socket(`${site}-few`);
    const gone = new Promise((resolve) => viewer.once("disconnect", resolve));
    writeSites("[{");
    writeSites([...SITES.filter(({ id }) => id !== `${site}-few`), { id: late, name: "Late" }]);
    const counts = `${service.url}/v1/sites/${late}/counts?page=a`;
    await until("the new site", async () => (await call(counts)).status === 200);
    expect(await codeOf("a", {}, late)).toBe(202);
    expect(await gone).toBe("transport close");
    expect(await codeOf("a", {}, `${site}-few`)).toBe("site_unknown");
    writeSites(SITES);
  });

  it("S65: engine.io takes no polling, and a message that is too large ends its socket only", async () => {
    const polling = await call(`${service.url}/socket.io/?EIO=4&transport=polling`);
    expect(polling).toMatchObject({ status: 400, body: { code: "query_invalid", retryable: false } });
    expect(polling.headers.get("content-type")).toBe("application/problem+json");
    const raw = new WebSocket(`${service.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    await once(raw, "open");
    raw.send("x".repeat(200_000));
    await once(raw, "close");
    expect((await call(`${service.url}/healthz`)).status).toBe(200);
  });

  it("S65: a deeply nested body is refused like any other that is not what the route takes", async () => {
    const nested = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;
    const body = `{"pages":${nested}}`;
    const answer = await call(`${service.url}/v1/sites/${site}/pages`, {
      method: "PUT",
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
      body,
    });
    expect([answer.status, answer.body.code]).toEqual([400, "body_invalid"]);
  });

  it("S65: settings with a deeply nested key are refused before anything walks through them", async () => {
    for (const nested of ["[".repeat(100_000), `${"[".repeat(100_000)}${"]".repeat(100_000)}`]) {
      const jwk = `{"kty":"RSA","x5c":${nested}}`;
      const accounts = `{"audience":"a","keys":[{"algorithm":"RS256","jwk":${jwk}}]}`;
      const { status, body } = await call(`${service.url}/v1/sites/${site}-deep`, {
        method: "PUT",
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
        body: `{"name":"Deep","voters":{"who":"both","accounts":${accounts}}}`,
      });
      expect([status, body.code, body.detail]).toEqual([
        400,
        "body_invalid",
        "The body is nested too deeply.",
      ]);
    }
  });

  it("S67: no page lets inline scripts run, refusals and answers to forms neither", async () => {
    const form = (body: object) =>
      fetch(`${service.url}/v1/sites/${site}/votes`, {
        method: "POST",
        body: new URLSearchParams({ ...body }),
      });
    const pages = await Promise.all([
      fetch(`${service.url}/`),
      fetch(`${service.url}/docs/`),
      fetch(`${service.url}/embed?site=${site}&page=a`),
      fetch(`${service.url}/embed?site=nobody&page=a`),
      form({ page: freshPage("article"), reaction: "great" }),
      form({ page: "<script>", reaction: "great" }),
    ]);
    for (const { url, status, headers } of pages) {
      const policy = headers.get("content-security-policy") ?? "";
      expect(headers.get("content-type"), url).toMatch(/^text\/html/);
      expect(policy, `${url} ${status}`).toMatch(/^default-src 'none'/);
      expect(policy).not.toMatch(/script-src[^;]*(?:unsafe|\*|data:)/);
      expect(headers.get("x-content-type-options"), `${url} ${status}`).toBe("nosniff");
    }
  });

  it("S65: a site named with tricks in the path is no site", async () => {
    for (const name of [
      "..%2f..",
      "%00",
      "__proto__",
      `${site}%2fvotes`,
      `${site};x`,
      `${site.toUpperCase()}`,
    ]) {
      const { status, body } = await vote(service.url, { page: "a", reaction: "great" }, {}, name);
      expect([status, body.code], name).toEqual([404, "site_unknown"]);
    }
  });
});
