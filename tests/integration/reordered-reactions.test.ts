/** Lists of reactions that change while no service runs, or as a site is named another way. */
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { keepReactions } from "../../shared/moderation/kept-reactions.ts";
import { call, countsOf, freshPage, tallied, until } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const ADMIN_TOKEN = "an-administrators-token-of-tests";
const SITES_FILE = writeSitesFile([]);
const OTHER = { id: "other", name: "Other" };

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());

/** A service whose file holds a poll with these reactions, or none; it ends with the test, if not before. */
async function start(reactions?: readonly string[]): Promise<TestService> {
  write(reactions);
  const service = await startService(server.url, { SITES_FILE, ADMIN_TOKEN });
  onTestFinished(() => service.stop());
  return service;
}

function write(reactions?: readonly string[]): void {
  const poll = reactions === undefined ? [] : [{ id: "poll", name: "Poll", reactions }];
  writeFileSync(SITES_FILE, JSON.stringify([OTHER, ...poll]));
}

const put = (url: string, reactions: readonly string[]) =>
  call(`${url}/v1/sites/poll`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Poll", reactions }),
  });

test("S156: a site that is named `default` begins with the reactions of the open site before it", async () => {
  const open = await startService(server.url, { SITES_FILE: "" });
  await open.stop();
  writeFileSync(SITES_FILE, JSON.stringify([{ id: "default", name: "Named", reactions: ["sad", "great"] }]));
  await expect(startService(server.url, { SITES_FILE })).rejects.toThrow(/default to begin with great, sad/);
}, 120_000);

test("S156: reactions that are reordered across a restart, or by another way to name a site, are a fault", async () => {
  const page = freshPage();
  const first = await start(["yes", "no"]);
  await tallied(first.url, { page, reaction: "yes" }, "poll");
  await first.stop();

  await expect(start(["no", "yes"])).rejects.toThrow(/SITES_FILE: .*poll to begin with yes, no, got no, yes/);
  await expect(start(["yes"])).rejects.toThrow(/poll to begin with yes, no, got yes/);

  const longer = await start(["yes", "no", "maybe"]);
  expect((await countsOf(longer.url, page, "poll")).counts).toEqual({ yes: 1, no: 0, maybe: 0 });
  await longer.stop();

  const without = await start();
  const { status, body } = await put(without.url, ["no", "yes", "maybe"]);
  expect([status, body.code, body.detail]).toEqual([
    400,
    "site_invalid",
    expect.stringContaining("begin with"),
  ]);
  expect((await put(without.url, ["yes", "no", "maybe", "never"])).status).toBe(201);
  await without.stop();
  await expect(start(["yes", "no", "maybe"])).rejects.toThrow(/begin with yes, no, maybe, never/);
}, 120_000);

test("S156: of a file that turns out to be faulty late nothing is served, and /readyz says so, until it is mended", async () => {
  const service = await start();
  const { redis, lifecycle } = openTestRedis("worker", server.url);
  onTestFinished(() => lifecycle.stop());
  await redis.hset("{sites}:reactions", "late", "a b");
  expect(await keepReactions(redis, [{ id: "late", reactions: ["b", "a"] }])).toHaveLength(1);
  const late = (reactions: readonly string[]) =>
    writeFileSync(SITES_FILE, JSON.stringify([OTHER, { id: "late", name: "Late", reactions }]));
  const ready = async () => JSON.stringify((await call(`${service.url}/readyz`)).body);
  late(["b", "a"]);
  await until("the fault", async () => (await ready()).includes("late to begin with a, b, got b, a"));
  expect((await call(`${service.url}/v1/sites/late/counts?page=a`)).body.code).toBe("site_unknown");
  late(["a", "b"]);
  await until(
    "the site",
    async () => (await call(`${service.url}/v1/sites/late/counts?page=a`)).status === 200,
  );
  expect(await ready()).not.toContain("late");
}, 120_000);
