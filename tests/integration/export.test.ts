import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseExportLine } from "../../shared/contract/export.ts";
import { ADMIN_TOKEN, exported, imported, moderator, timeless } from "../support/moderator.ts";
import { call, countsOf, newVoter, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

let server: TestRedis;
let redis: Redis;
let service: TestService;
beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  service = await startService(server.url, { ADMIN_TOKEN });
});
afterAll(async () => {
  await service.stop();
  redis.disconnect();
  await server.stop();
});
beforeEach(wipe);

/** Forgets every page, vote and audit line; queues and keys of the running service stay. */
async function wipe(): Promise<void> {
  const keys = (await redis.keys("*")).filter((key) => !/^\{(?:votes-\d+|orders)\}|^source-key/.test(key));
  if (keys.length > 0) await redis.del(...keys);
}

/** Some votes, a withdrawal, a taken vote, a frozen page, titles, on pages of odd names. */
async function votes(): Promise<void> {
  const [one, two] = [await newVoter(service.url), await newVoter(service.url)];
  for (const page of ["a", "b/{odd} ß", "https://news.example/c"]) {
    await tallied(service.url, { page, reaction: "great", voter: one });
    await tallied(service.url, { page, reaction: "sad", voter: two });
  }
  await tallied(service.url, { page: "a", reaction: null, voter: two });
  const moderation = moderator(service.url);
  const purge = await moderation.order({ order: "purge", page: "b/{odd} ß", voter: one });
  await moderation.waitFor(purge.id);
  const freeze = await moderation.order({ order: "freeze", page: "https://news.example/c", reason: "calm" });
  await moderation.waitFor(freeze.id);
}

function linesOf(text: string) {
  return text.trimEnd().split("\n").map(parseExportLine);
}

describe("export", () => {
  it("M30: has a header, pages sorted with their votes sorted and their totals, the audit, and a trailer that counts them", async () => {
    await votes();
    const lines = linesOf(await exported(service.url));
    const audit = lines.filter(({ kind }) => kind === "audit").length;
    expect(lines.map(({ kind }) => kind)).toEqual([
      "header",
      ...["a", "b", "c"].flatMap(() => ["page", "vote", "vote", "totals"]),
      ...Array.from({ length: audit }, () => "audit"),
      "trailer",
    ]);
    expect(audit).toBe(4);
    expect(lines.at(-1)).toEqual({ kind: "trailer", pages: 3, votes: 6, audit });
    const pages = lines.flatMap((line) => (line.kind === "page" ? [line.page] : []));
    expect(pages).toEqual(["a", "b/{odd} ß", "https://news.example/c"]);
    const held = lines.flatMap((line) => (line.kind === "vote" ? [line] : []));
    expect(held.filter(({ reaction }) => reaction === null)).toHaveLength(2);
    expect(held.filter(({ taken }) => taken)).toHaveLength(1);
    expect(lines.filter(({ kind }) => kind === "totals")[2]).toMatchObject({
      counts: { great: 1, sad: 1, angry: 0, recommend: 0 },
    });
  });

  it("M31: of an empty site is a header and a trailer", async () => {
    expect(linesOf(await exported(service.url)).map(({ kind }) => kind)).toEqual(["header", "trailer"]);
  });

  it("M32: needs the scope moderate, an import admin; a token of less is refused and nothing changes", async () => {
    const root = moderator(service.url);
    const reader = await root.createToken({ name: "only-reads", scope: "read" });
    const mod = await root.createToken({ name: "only-moderates", scope: "moderate" });
    const ask = (path: string, token: string, method: string) =>
      call(`${service.url}/v1/sites/default/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
      });
    expect((await ask("export", reader.token, "GET")).body.code).toBe("scope_missing");
    expect((await ask("import", mod.token, "POST")).body.code).toBe("scope_missing");
    expect((await call(`${service.url}/v1/sites/default/export`)).body.code).toBe("token_missing");
  });
});

describe("import", () => {
  it("M33: export, wipe, import, export gives the same bytes apart from the time of export", async () => {
    await votes();
    await moderator(service.url).putPages([
      { page: "a", title: "Ä title", url: "https://news.example/a" },
      { page: "z-only-registered", title: "Quiet", url: "https://news.example/z" },
    ]);
    const before = await exported(service.url);
    await wipe();
    const { status, body } = await imported(service.url, before);
    expect({ status, body }).toMatchObject({ status: 200, body: { pages: 4, votes: 6 } });
    expect(timeless(await exported(service.url))).toBe(timeless(before));
    expect(await countsOf(service.url, "a")).toMatchObject({ counts: { great: 1, sad: 0 }, total: 1 });
    expect(await countsOf(service.url, "https://news.example/c")).toMatchObject({
      state: "frozen",
      total: 2,
    });
  });

  it("M34: the same export again changes nothing, and newer votes of the running service stay", async () => {
    await votes();
    const before = await exported(service.url);
    const voter = await newVoter(service.url);
    await tallied(service.url, { page: "a", reaction: "angry", voter });
    const counts = await countsOf(service.url, "a");
    expect((await imported(service.url, before)).status).toBe(200);
    expect((await imported(service.url, before)).status).toBe(200);
    expect(await countsOf(service.url, "a")).toEqual(counts);
  });

  it("M35: thousands of votes of one page come back in buckets of at most 128", async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => ({
      kind: "vote",
      voter: Math.round(((n + 0.5) / 20_000) * 2 ** 32)
        .toString(16)
        .padStart(8, "0")
        .padEnd(16, "0"),
      reaction: "great",
      at: 1_700_000_000_000 + n,
      source: "000001",
    }));
    const lines = [
      header(),
      { kind: "page", page: "big", state: "open", records: many.length },
      ...many,
      { kind: "totals", page: "big", votes: many.length, counts: { great: many.length } },
      { kind: "trailer", pages: 1, votes: many.length, audit: 0 },
    ];
    expect((await imported(service.url, ndjson(lines))).body).toMatchObject({ votes: 20_000 });
    expect(await countsOf(service.url, "big")).toMatchObject({ counts: { great: 20_000 }, total: 20_000 });
    const buckets = await redis.keys("{default:big}:v:*");
    const sizes = await Promise.all(buckets.map((key) => redis.hlen(key)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(128);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(20_000);
  });

  it("M36: a foreign file is refused by its first line, and nothing is changed", async () => {
    for (const text of [
      "<?xml version='1.0'?><disqus/>",
      '{"type":"waline"}\n',
      "",
      "\n",
      '{"kind":"page","page":"a"}\n',
    ]) {
      const { status, body } = await imported(service.url, text);
      expect({ status, code: body.code }).toEqual({ status: 400, code: "import_foreign" });
    }
    const elsewhere = await imported(service.url, ndjson([{ ...header(), site: "other" }]));
    expect(elsewhere.body).toMatchObject({ code: "import_foreign", line: 1 });
    expect(linesOf(await exported(service.url)).map(({ kind }) => kind)).toEqual(["header", "trailer"]);
  });

  it("M37: a truncated export is refused with the line where it ends; what came before is taken", async () => {
    await votes();
    const before = (await exported(service.url)).trimEnd().split("\n");
    await wipe();
    const cut = await imported(service.url, `${before.slice(0, 5).join("\n")}\n`);
    expect(cut).toMatchObject({ status: 400, body: { code: "import_truncated", line: 6 } });
    expect(cut.body.detail).toContain("1 pages and 2 votes");
    expect(await countsOf(service.url, "a")).toMatchObject({ total: 1 });
    const inside = await imported(service.url, before.slice(0, 3).join("\n").slice(0, -5));
    expect(inside.body).toMatchObject({ code: "import_broken", line: 3 });
    const lost = before.filter((_, index) => index !== 2);
    expect((await imported(service.url, `${lost.join("\n")}\n`)).body).toMatchObject({
      code: "import_broken",
      line: 4,
    });
  });

  it("M38: a line that cannot be taken ends the import with its number; the rest can be sent from there", async () => {
    await votes();
    const before = (await exported(service.url)).trimEnd().split("\n");
    await wipe();
    for (const [line, wrong] of [
      [3, '{"kind":"vote","voter":"zz","reaction":"great","at":1,"source":"000000"}'],
      [3, '{"kind":"vote","voter":"00000000000000ff","reaction":"wow","at":1,"source":"000000"}'],
      [3, "\u0000"],
      [2, '{"kind":"audit","entry":7}'],
    ] as const) {
      const lines = before.with(line - 1, wrong);
      expect((await imported(service.url, `${lines.join("\n")}\n`)).body).toMatchObject({
        code: "import_broken",
        line,
      });
    }
    await wipe();
    await imported(service.url, `${before.with(6, "?").join("\n")}\n`);
    const rest = await imported(service.url, `${before.join("\n")}\n`, "?fromLine=7");
    expect(rest.status).toBe(200);
    expect(timeless(await exported(service.url))).toBe(timeless(`${before.join("\n")}\n`));
    expect((await imported(service.url, "x", "?fromLine=0")).body.code).toBe("body_invalid");
  });

  it("M39: an import while no worker can store says from which line to go on", async () => {
    await votes();
    const before = await exported(service.url);
    await server.pause();
    const { status, body } = await imported(service.url, before);
    await server.resume();
    expect({ status, code: body.code }).toEqual({ status: 503, code: "unavailable" });
    await until("Redis answers again", async () => (await imported(service.url, before)).status === 200);
  });
});

describe("base counts", () => {
  const base = { great: 40, recommend: 2 };
  const lines = [
    { kind: "page", page: "old", state: "open", records: 0, base },
    { kind: "totals", page: "old", votes: 0, counts: {} },
    { kind: "trailer", pages: 1, votes: 0, audit: 0 },
  ];

  it("M40: are shown in the counts, told to moderators, kept by recounts and resets, set again by an import, and removed", async () => {
    const socket = await service.socket();
    const heard: unknown[] = [];
    socket.on("counts", (counts) => heard.push(counts.counts));
    await socket.emitWithAck("watch", { pages: ["old"] });
    const text = ndjson([header(), ...lines]);
    expect((await imported(service.url, text)).status).toBe(200);
    expect((await imported(service.url, text)).status).toBe(200);
    await until("viewers hear of it", () => heard.length > 0);
    expect(heard).toEqual([{ great: 40, sad: 0, angry: 0, recommend: 2 }]);
    await tallied(service.url, { page: "old", reaction: "great", voter: await newVoter(service.url) });
    expect(await countsOf(service.url, "old")).toMatchObject({
      counts: { great: 41, recommend: 2 },
      total: 43,
    });
    const moderation = moderator(service.url);
    expect(await moderation.bases(["old", "other"])).toEqual([
      { page: "old", base },
      { page: "other", base: {} },
    ]);
    const recount = await moderation.order({ order: "recount", page: "old" });
    const { result } = await moderation.waitFor(recount.id);
    expect(Object.values(result?.drift ?? {}).filter((wrong) => wrong !== 0)).toEqual([]);
    expect(await countsOf(service.url, "old")).toMatchObject({ counts: { great: 41 } });
    const before = await exported(service.url);
    expect(before).toContain('"base":{"great":40,"sad":0,"angry":0,"recommend":2}');
    const reset = await moderation.order({ order: "reset", page: "old" });
    await moderation.waitFor(reset.id);
    expect(await countsOf(service.url, "old")).toMatchObject({ counts: { great: 40, recommend: 2 } });
    await moderation.removeBase("old");
    await until("the base count goes", async () => (await countsOf(service.url, "old")).total === 0);
    expect(await moderation.bases(["old"])).toEqual([{ page: "old", base: {} }]);
    expect((await moderation.audit()).map(({ what }) => what)).toContain("base-removed");
  });
});

function header() {
  return {
    kind: "header",
    format: "reader-reactions-export",
    version: 1,
    site: "default",
    reactions: ["great", "sad", "angry", "recommend"],
    exportedAt: 1_700_000_000_000,
  };
}

function ndjson(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
