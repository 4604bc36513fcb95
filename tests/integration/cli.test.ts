import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN_TOKEN, moderator } from "../support/moderator.ts";
import { countsOf, freshPage, newVoter, tallied, until } from "../support/reader.ts";
import { beginCli, beginOnTerminal, runCli } from "../support/run-cli.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

// A Redis of its own: orders stand in the audit of the site, which other tests read.
let server: TestRedis;
let service: TestService;
let here: { readonly endpoint: string };
beforeAll(async () => {
  server = await startTestRedis();
  service = await startService(server.url, { ADMIN_TOKEN });
  here = { endpoint: service.url };
});
afterAll(async () => {
  await service.stop();
  await server.stop();
});

/** A page on which so many voters hold `great`; their tokens. */
async function voted(page: string, voters = 2): Promise<readonly string[]> {
  return await Promise.all(
    Array.from({ length: voters }, async () => {
      const voter = await newVoter(service.url);
      await tallied(service.url, { page, reaction: "great", voter });
      return voter;
    }),
  );
}

const objects = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Record<string, unknown> => JSON.parse(line));

/** A process takes a while to begin, and much longer on a machine that is busy with others. */
const SLOW = { timeout: 300_000 };
const DEADLINE_MS = 120_000;

describe("reactions", SLOW, () => {
  it("M43, M44: shows, freezes, reopens, hides and unhides pages, and ends with 0", async () => {
    const page = freshPage();
    await voted(page);
    const shown = await runCli(here, "page", "show", page, "--json");
    expect(objects(shown.out)).toMatchObject([
      { page, counts: { great: 2 }, total: 2, state: "open", base: {} },
    ]);
    const text = await runCli(here, "page", "show", page);
    expect(text).toMatchObject({ code: 0, err: "" });
    expect(text.out).toMatch(/^page +great +sad +angry +recommend +total +state/);
    for (const [word, state] of [
      ["freeze", "frozen"],
      ["reopen", "open"],
      ["hide", "hidden"],
      ["unhide", "open"],
    ] as const) {
      expect(await runCli(here, "page", word, page, "--reason", "a test")).toMatchObject({ code: 0 });
      expect(await countsOf(service.url, page)).toMatchObject({ state });
    }
    const audit = await runCli(here, "audit", "--limit", "50", "--json");
    expect(
      objects(audit.out).filter((entry) => entry.page === page && entry.reason === "a test").length,
    ).toBeGreaterThan(3);
    expect((await runCli(here, "audit")).out).toContain("“a test”");
  });

  it("M43, M45: purges what matches after a dry run, lists the order, and undoes it", async () => {
    const page = freshPage();
    const [voter = ""] = await voted(page, 3);
    const dry = await runCli(here, "page", "purge", page, "--voter", voter, "--dry-run", "--json");
    expect(objects(dry.out)).toMatchObject([{ order: "purge", state: "done", result: { votes: 1 } }]);
    expect(await countsOf(service.url, page)).toMatchObject({ total: 3 });
    const purged = await runCli(here, "page", "purge", page, "--voter", voter, "--yes");
    expect(purged).toMatchObject({ code: 0, err: "" });
    expect(purged.out).toContain("took 1 vote (great 1)");
    const [, id = ""] = /reactions undo (\S+)/.exec(purged.out) ?? [];
    const orders = await runCli(here, "orders", "--json");
    expect(objects(orders.out).map((order) => order.id)).toContain(id);
    expect((await runCli(here, "orders", id, "--json")).out).toContain('"votes":1');
    expect((await runCli(here, "undo", id)).out).toContain("restored 1 vote");
    expect(await countsOf(service.url, page)).toMatchObject({ total: 3 });
    expect(await runCli(here, "undo", id)).toMatchObject({
      code: 3,
      err: expect.stringContaining("undo_twice"),
    });
    expect((await runCli(here, "page", "reset", page, "--yes")).code).toBe(0);
    expect((await runCli(here, "page", "recount", page)).code).toBe(0);
    expect(await countsOf(service.url, page)).toMatchObject({ total: 0 });
  });

  it("M43: bans, unbans, lists and forgets a voter", async () => {
    const page = freshPage();
    const [voter = ""] = await voted(page);
    expect(objects((await runCli(here, "voter", "votes", voter, "--json")).out)).toEqual([
      { page, counts: expect.objectContaining({ great: 1 }) },
    ]);
    expect((await runCli(here, "voter", "ban", voter, "--yes")).out).toContain("took 1 vote");
    expect(await countsOf(service.url, page)).toMatchObject({ total: 1 });
    expect((await runCli(here, "voter", "unban", voter)).code).toBe(0);
    const [other = ""] = await voted(page, 1);
    expect((await runCli(here, "voter", "forget", other, "--yes")).code).toBe(0);
    await until(
      "the voter's vote goes",
      async () => (await countsOf(service.url, page)).total === 1,
      DEADLINE_MS,
    );
  });

  it("M43: shows where votes came from, and what is suspect, as text and as JSON", async () => {
    const page = freshPage();
    await voted(page, 4);
    const text = await runCli(here, "sources", page);
    expect(text.out).toContain("4 votes from 1 sources");
    expect(text.out).toMatch(/[0-9a-f]{6} +4 +█+ +great 4/);
    expect(objects((await runCli(here, "sources", page, "--json")).out)).toMatchObject([{ page, votes: 4 }]);
    expect(await runCli(here, "suspects")).toMatchObject({ code: 0, err: "" });
    expect((await runCli(here, "suspects", "--json")).code).toBe(0);
  });

  it("M43, M68: sets, lists, rotates and removes webhooks; secrets alone go into a pipe", async () => {
    const file = join(temporaryFolder(), "hook.json");
    writeFileSync(file, JSON.stringify({ url: "https://chat.example/hook", format: "slack" }));
    const made = await runCli(here, "webhook", "set", "desk", file);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^whsec_\S+\n$/) });
    expect((await runCli(here, "webhook", "set", "desk", file)).out).toContain("keeps its secret");
    const rotated = await runCli(here, "webhook", "rotate", "desk");
    expect(rotated).toMatchObject({ code: 0, out: expect.stringMatching(/^whsec_\S+\n$/) });
    expect(rotated.out).not.toBe(made.out);
    const listed = await runCli(here, "webhook", "list", "--json");
    expect(objects(listed.out)).toMatchObject([{ name: "desk", format: "slack" }]);
    expect(listed.out).not.toContain("whsec_");
    expect((await runCli(here, "webhook", "remove", "desk", "--yes")).code).toBe(0);
    expect(await runCli(here, "webhook", "rotate", "desk")).toMatchObject({
      code: 3,
      err: expect.stringContaining("webhook_unknown"),
    });
  });

  it("M43: makes, lists and revokes tokens; a token of less is refused with 3", async () => {
    const name = `t-${freshPage("x").slice(-12)}`;
    const made = await runCli(here, "token", "create", name, "--scope", "read");
    expect(made.code).toBe(0);
    const token = made.out.trim();
    expect(objects((await runCli(here, "token", "list", "--json")).out).map((row) => row.name)).toContain(
      name,
    );
    const refused = await runCli({ ...here, token }, "page", "freeze", freshPage());
    expect(refused).toMatchObject({ code: 3, out: "", err: expect.stringContaining("scope_missing") });
    expect((await runCli(here, "token", "revoke", name)).code).toBe(0);
    expect((await runCli({ ...here, token }, "audit")).err).toContain("token_invalid");
  });

  it("M42, M43: registers pages from a file and from standard input", async () => {
    const page = `https://news.example/${freshPage()}`;
    const feed = join(temporaryFolder(), "feed.xml");
    writeFileSync(
      feed,
      `<rss version="2.0"><channel><item><title>A &amp; B</title><link>${page}</link></item><item><title>none</title></item></channel></rss>`,
    );
    const done = await runCli(here, "pages", "import", feed, "--json");
    expect(objects(done.out)).toEqual([{ registered: 1, passedOver: 1 }]);
    expect(done.err).toContain("item 2: no http or https address");
    const piped = beginCli(here, "pages", "import", "-");
    piped.child.stdin?.end(`${JSON.stringify({ page, title: "C", url: page })}\n`);
    expect(await piped.ended).toMatchObject({ code: 0 });
    expect((await runCli(here, "pages", "import", "/nowhere.xml")).code).toBe(1);
  });

  it("M33, M43: exports to a file and imports it; gives pages the totals of another service", async () => {
    const folder = temporaryFolder();
    const [file, foreign] = [join(folder, "all.ndjson"), join(folder, "waline.json")];
    const page = freshPage("/path");
    const site = ["--site", "other"];
    await tallied(
      service.url,
      { page, reaction: "yes", voter: await newVoter(service.url, "other") },
      "other",
    );
    expect(await runCli(here, "export", file, ...site)).toMatchObject({ code: 0, err: "" });
    const piped = await runCli(here, "export", ...site);
    // Other tests vote on this site meanwhile: what both must hold is this page.
    for (const text of [piped.out, readFileSync(file, "utf8")]) expect(text).toContain(JSON.stringify(page));
    expect(piped.err).toContain("votes and");
    expect(await runCli(here, "import", file, "--yes", ...site)).toMatchObject({ code: 0, err: "" });
    expect(await countsOf(service.url, page, "other")).toMatchObject({ counts: { yes: 1 } });
    writeFileSync(
      foreign,
      JSON.stringify({
        type: "waline",
        version: 1,
        data: { Counter: [{ url: page, reaction0: 7, reaction1: null, reaction5: 2 }] },
      }),
    );
    const given = await runCli(
      here,
      "import",
      foreign,
      "--from",
      "waline",
      "--map",
      "0=yes,1=no",
      "--yes",
      ...site,
    );
    expect(given).toMatchObject({ code: 0, err: expect.stringContaining("5 2") });
    expect(await countsOf(service.url, page, "other")).toMatchObject({ counts: { yes: 8 } });
    expect((await runCli(here, "page", "base", page, "--remove", "--yes", ...site)).code).toBe(0);
    await until(
      "the base count goes",
      async () => (await countsOf(service.url, page, "other")).total === 1,
      DEADLINE_MS,
    );
    writeFileSync(file, readFileSync(file, "utf8").trimEnd().split("\n").slice(0, -1).join("\n"));
    expect(await runCli(here, "import", file, "--yes", ...site)).toMatchObject({
      code: 3,
      err: expect.stringContaining("import_truncated"),
    });
  });

  it("M44, M45: what cannot be meant ends with 2, and nothing is sent", async () => {
    const page = freshPage();
    await voted(page);
    const wrong = [
      ["page", "reset", page],
      ["page", "purge", page, "--yes"],
      ["page", "purge", "--voter", "x", "--yes"],
      ["page", "purge", page, "--since", "yesterday", "--yes"],
      ["voter", "ban", "a1.x"],
      ["nothing"],
      ["page", "show"],
      ["audit", "--limit", "0"],
      ["export", "--site"],
      ["import", "x", "--map", "0=great"],
      ["page", "show", page, "--endpoint", "ftp://x"],
    ];
    const ended = await Promise.all(wrong.map((words) => runCli(here, ...words)));
    expect(ended.map(({ code, out }, index) => ({ words: wrong[index], code, out }))).toEqual(
      wrong.map((words) => ({ words, code: 2, out: "" })),
    );
    expect((await runCli({ ...here, token: "" }, "audit")).code).toBe(2);
    expect(await countsOf(service.url, page)).toMatchObject({ total: 2 });
    expect(await runCli(here, "--help")).toMatchObject({ code: 0, err: "" });
  });

  it("M44: a service that is not there ends with 1, what it refuses with 3; with --json the failure is an object", async () => {
    const away = { endpoint: "http://127.0.0.1:1" };
    expect((await runCli(away, "page", "show", "a")).code).toBe(1);
    expect((await runCli(away, "export")).code).toBe(1);
    expect((await runCli(here, "orders", "nobody")).code).toBe(3);
    const { code, err } = await runCli(here, "page", "freeze", "a", "--site", "nowhere", "--json");
    expect(code).toBe(3);
    expect(objects(err)).toEqual([{ error: { code: "site_unknown", message: expect.any(String), exit: 3 } }]);
  });

  it("M46: a pipe that is closed ends it quietly with 0", async () => {
    const page = freshPage();
    await voted(page, 1);
    const { child, ended } = beginCli(here, "audit", "--follow", "--json");
    child.stdin?.end();
    await once(child.stdout ?? child, "data");
    child.stdout?.destroy();
    await runCli(here, "page", "freeze", page);
    const left = await ended;
    expect({ code: left.code, err: left.err }).toEqual({ code: 0, err: "" });
    const shell = spawn("sh", ["-c", `'${process.execPath}' '${main}' export | head -n 1`], {
      env: { PATH: process.env.PATH ?? "", REACTIONS_ENDPOINT: service.url, REACTIONS_TOKEN: ADMIN_TOKEN },
    });
    const [code] = await once(shell, "close");
    expect(code).toBe(0);
  });

  it("M46: Ctrl-C ends what follows with 0 and what works with 1", async () => {
    const page = freshPage();
    await voted(page, 1);
    const watching = beginCli(here, "watch", page);
    await until("the counts show", () => watching.out().includes(page), DEADLINE_MS);
    await voted(page, 1);
    await until("the change shows", () => watching.out().includes("great 2"), DEADLINE_MS);
    watching.child.kill("SIGINT");
    expect(await watching.ended).toMatchObject({ code: 0, err: "" });
    const importing = beginCli(here, "import", "-", "--yes");
    importing.child.stdin?.write('{"kind":');
    importing.child.kill("SIGINT");
    const { code } = await importing.ended;
    expect(code).not.toBe(0);
  });

  it("M47: titles, reasons and ids never reach the terminal raw, neither as text nor as JSON", async () => {
    // Marks of direction may stand in ids and reasons; other controls the service refuses, so they come in a file.
    const page = `${freshPage()}\u202e\u2066evil`;
    await voted(page, 1);
    await runCli(here, "page", "freeze", page, "--reason", "x\u202ey");
    for (const words of [["page", "show", page], ["audit", "--json"], ["audit"], ["orders"]]) {
      const { out, err } = await runCli(here, ...words);
      expect(`${out}${err}`.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    const { err } = await runCli(here, "page", "show", "a\u001b]0;owned\u0007");
    expect(err.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const file = join(temporaryFolder(), "\u001b[2J.xml");
    expect((await runCli(here, "pages", "import", file)).err).toContain("\\u{1b}");
  });

  it.skipIf(process.platform !== "linux")(
    "M45, M48: on a terminal shows what would go, asks, and does it only after yes",
    async () => {
      const page = freshPage();
      await voted(page);
      const refused = beginOnTerminal(here, `page reset ${page}`);
      await until("it asks", () => refused.out().includes("Type yes"), DEADLINE_MS);
      expect(refused.out()).toContain("2 votes (great 2)");
      refused.child.stdin?.write("no\n");
      expect((await refused.ended).code).toBe(2);
      expect(await countsOf(service.url, page)).toMatchObject({ total: 2 });
      const taken = beginOnTerminal(here, `page reset ${page}`);
      await until("it asks", () => taken.out().includes("Type yes"), DEADLINE_MS);
      taken.child.stdin?.write("yes\n");
      expect((await taken.ended).code).toBe(0);
      expect(taken.out()).toContain("took 2 votes");
      expect(taken.out()).toMatch(/[█░]/);
      expect(await countsOf(service.url, page)).toMatchObject({ total: 0 });
    },
  );

  it("M49: prints completion for bash, zsh and fish, and completes commands", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code, out } = await runCli(here, "completion", shell);
      expect(code).toBe(0);
      expect(out).toContain("reactions");
    }
    const { out } = await runCli(here, "complete", "--", "page", "");
    for (const word of ["show", "freeze", "reopen", "hide", "unhide", "reset", "purge", "recount", "base"])
      expect(out).toContain(word);
  });

  it("M51: doctor is content with a service that is well, and ends with 1 when something is ill", async () => {
    const well = await runCli(here, "doctor", "--json");
    expect(well.code).toBe(0);
    const checks = objects(well.out);
    expect(checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["reachable", "votes", "site", "token", "clock", "backlog", "durability"]),
    );
    expect(checks.filter(({ state }) => state === "ill")).toEqual([]);
    const text = await runCli({ ...here, token: "wrong" }, "doctor");
    expect(text).toMatchObject({ code: 1, out: expect.stringContaining("token_invalid") });
    expect((await runCli(here, "doctor", "--site", "nowhere")).code).toBe(1);
    expect((await runCli({ endpoint: "http://127.0.0.1:1" }, "doctor")).code).toBe(1);
  });
});

const main = fileURLToPath(new URL("../../dist/services/moderation/main.js", import.meta.url));

it("M43: the client library does from a script what the command line does", async () => {
  const page = freshPage();
  await voted(page, 1);
  const moderation = moderator(service.url);
  const { id } = await moderation.order({ order: "reset", page });
  expect((await moderation.waitFor(id)).result).toMatchObject({ votes: 1 });
  expect(await moderation.state()).toMatchObject({
    version: expect.any(String),
    warnings: expect.any(Array),
  });
});
