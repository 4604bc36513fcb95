import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ADMIN_TOKEN, moderator } from "../support/moderator.ts";
import { countsOf, newVoter, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const DAY_MS = 86_400_000;

/** A process takes a while to begin, and much longer on a machine that is busy with others. */
const SLOW = { timeout: 300_000 };

let server: TestRedis;
let service: TestService;
beforeAll(async () => {
  server = await startTestRedis();
  service = await startService(server.url, { ADMIN_TOKEN });
});
afterAll(async () => {
  await service.stop();
  await server.stop();
});

/** Runs an example as its first lines say; resolves to what it printed. */
async function example(name: string, ...words: readonly string[]): Promise<string> {
  const script = `services/moderation/examples/${name}.ts`;
  const child = spawn(process.execPath, ["--import", "tsx", script, service.url, "default", ...words], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", REACTIONS_TOKEN: ADMIN_TOKEN },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(code).toBe(0);
  return printed;
}

it("M50: freezes what is older than it should be, and nothing else", SLOW, async () => {
  const url = "https://news.example/";
  await moderator(service.url).putPages([
    { page: "old", title: "Old", url: `${url}old`, published: Date.now() - 100 * DAY_MS },
    { page: "new", title: "New", url: `${url}new`, published: Date.now() - 10 * DAY_MS },
    { page: "undated", title: "Undated", url: `${url}undated` },
  ]);
  expect(await example("freeze-old-pages", "90")).toBe("frozen: old\n");
  expect(await countsOf(service.url, "old")).toMatchObject({ state: "frozen" });
  expect(await countsOf(service.url, "new")).toMatchObject({ state: "open" });
  expect(await example("freeze-old-pages", "90")).toBe("");
});

it("M50: purges what a raid brought, and the report tells of it", SLOW, async () => {
  await Promise.all(
    Array.from({ length: 60 }, async () =>
      tallied(service.url, { page: "raided", reaction: "angry", voter: await newVoter(service.url) }),
    ),
  );
  const moderation = moderator(service.url);
  await until("the raid is seen", async () =>
    (await moderation.suspects()).some(({ page }) => page === "raided"),
  );
  expect(await example("nightly-report")).toMatch(
    /^1 pages look odd:\n {2}\d\.\d\d raided: 60 of 60 recent votes/,
  );
  expect(await example("purge-raid", "0.1")).toContain("raided: 60 votes taken out");
  expect(await countsOf(service.url, "raided")).toMatchObject({ total: 0 });
  expect(await example("nightly-report")).toMatch(/root: purge of raided, 60 votes\. a raid: /);
});
