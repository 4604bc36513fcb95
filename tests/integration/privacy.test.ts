/** What Redis holds after all that readers and moderators can do, held against what PRIVACY.md says. */
import { readFileSync } from "node:fs";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Reactions } from "../../shared/client/client.ts";
import { parseWebhookRequest } from "../../shared/contract/webhooks.ts";
import { saveWebhook } from "../../shared/live/webhook-store.ts";
import { countHeld } from "../../shared/tallies/count-held.ts";
import { ADMIN_TOKEN, exported, imported, moderator } from "../support/moderator.ts";
import { raidPage } from "../support/raid.ts";
import { call, newVoter, tallied, until, vote } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const text = readFileSync(new URL("../../PRIVACY.md", import.meta.url), "utf8");

interface Row {
  /** As written: `…` stands for anything. */
  readonly names: readonly string[];
  /** How long a key lives at most, ms; undefined: it stays. */
  readonly kept_ms: number | undefined;
}

const UNITS_MS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The rows of the table of keys. */
const rows: readonly Row[] = (
  text
    .split("## Redis, key by key")[1]
    ?.split("\n## ")[0]
    ?.match(/^\| `.*\|$/gm) ?? []
).map((line) => {
  const [, keys = "", , kept = ""] = line.split("|");
  const [, count, unit] = /^ (\d+) (second|minute|hour|day)s? /.exec(kept) ?? [];
  return {
    names: [...keys.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
    kept_ms: unit === undefined ? undefined : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS],
  };
});

function isNamed(key: string, name: string): boolean {
  const parts = name.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".+")}$`).test(key);
}

const SECRET = "a publisher's secret of 32 characters or more";
const audience = "reader-reactions";
const sitesFile = writeSitesFile([
  {
    id: "daily",
    name: "Daily",
    voters: { who: "both", accounts: { audience, keys: [{ algorithm: "HS256", secret: SECRET }] } },
  },
  { id: "asking", name: "Asking", puzzle: "always" },
]);

let server: TestRedis;
let service: TestService;
let parts: ReturnType<typeof openTestRedis>;
beforeAll(async () => {
  server = await startTestRedis();
  service = await startService(server.url, {
    LIMITS: "on",
    SITES_FILE: sitesFile,
    ADMIN_TOKEN,
    TRUST_PROXY: "127.0.0.1",
  });
  parts = openTestRedis("worker", server.url);
});
afterAll(async () => {
  await service.stop();
  await parts.lifecycle.stop();
  await server.stop();
});

async function account(name: string): Promise<string> {
  return await new SignJWT()
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(name)
    .setAudience(audience)
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(SECRET));
}

/** Has readers do what readers can do. */
async function read(): Promise<readonly string[]> {
  const { url } = service;
  const voters = await Promise.all(Array.from({ length: 4 }, () => newVoter(url, "daily")));
  for (const voter of voters)
    for (const page of ["one", "two", "{three}"])
      expect((await tallied(url, { page, reaction: "sad", voter }, "daily")).status).toBeLessThan(300);
  const [leaves = "", moves = ""] = voters;
  const post = { method: "POST", headers: { "content-type": "application/json" } };
  const body = JSON.stringify({ voter: moves, account: await account("the-sub-of-a-reader") });
  const moved = await call(`${url}/v1/sites/daily/voters/self/move`, { ...post, body });
  expect(moved.status).toBe(202);
  const left = await call(`${url}/v1/sites/daily/voters/self`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${leaves}` },
  });
  expect(left.status).toBe(202);
  // From an IPv6 address, and with a puzzle.
  await vote(url, { page: "one", reaction: "great" }, { "x-forwarded-for": "2001:db8:1:2::3" }, "daily");
  // More new voters of one address than a quiet page takes at once: the rest are held.
  for (let n = 0; n < 40; n++)
    await vote(url, { page: "pressed", reaction: "great" }, { "x-forwarded-for": "192.0.2.9" }, "daily");
  await new Reactions({ endpoint: url, site: "asking" }).vote("one", "great");
  const socket = await service.socket("daily");
  await socket.emitWithAck("watch", { pages: ["one"] });
  return voters;
}

/** Has moderators do what moderators can do. */
async function moderate(voters: readonly string[]): Promise<void> {
  const daily = moderator(service.url, "daily");
  const [, , banned = "", lifted = ""] = voters;
  const orders = [
    { order: "ban", voter: banned },
    { order: "ban", voter: lifted },
    { order: "unban", voter: lifted },
    { order: "freeze", page: "two" },
    { order: "purge", page: "one", reaction: "sad" },
    { order: "reset", page: "{three}" },
    { order: "recount" },
  ] as const;
  for (const order of orders) {
    const { id } = await daily.order({ ...order, reason: "A test." });
    await daily.waitFor(id);
    if (order.order === "purge") await daily.waitFor((await daily.undo(id)).id);
  }
  await daily.putPages([{ page: "one", title: "One", url: "https://daily.example/1" }]);
  await daily.createToken({ name: "a-moderator", scope: "moderate" });
  await daily.putSite("put", { name: "Put", retentionDays: 30 });
  await imported(service.url, await exported(service.url, "daily"), "", "put");
}

describe("PRIVACY.md", () => {
  it("S145: the audit does not say on which pages a reader voted who left", async () => {
    const page = "a-page-of-somebody-who-left";
    const voter = await newVoter(service.url, "daily");
    await tallied(service.url, { page, reaction: "sad", voter }, "daily");
    // The walk over the pages ends with another one.
    await tallied(service.url, { page: "z", reaction: "sad" }, "daily");
    await call(`${service.url}/v1/sites/daily/voters/self`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${voter}` },
    });
    const daily = moderator(service.url, "daily");
    const forgotten = async () =>
      (await daily.audit()).find((line) => line.order === "forget" && line.what === "done");
    await until("the audit to tell", async () => (await forgotten()) !== undefined);
    expect((await forgotten())?.result).toMatchObject({ votes: 1, list: [] });
    const { redis } = parts;
    for (const queue of ["readers", "orders"])
      expect(JSON.stringify(await redis.xrange(`{${queue}}:${queue}:events`, "-", "+"))).not.toContain(page);
  });

  it("S159: whose votes were only looked at does not stand in the audit, nor do the pages", async () => {
    const [first, second] = ["the-first-page-looked-at", "the-second-page-looked-at"];
    const voter = await newVoter(service.url, "daily");
    for (const page of [first, second]) await tallied(service.url, { page, reaction: "sad", voter }, "daily");
    const daily = moderator(service.url, "daily");
    const { id } = await daily.order({ order: "ban", voter, dryRun: true });
    const { result, voter: handle } = await daily.waitFor(id);
    expect(result?.list.map(({ page }) => page).sort()).toEqual([first, second]);
    const lines = (await daily.audit()).filter((line) => line.orderId === id);
    expect(lines.map(({ what, who, result }) => [what, who !== undefined, result?.votes])).toEqual([
      ["asked", true, undefined],
      ["done", true, 2],
    ]);
    const kept = JSON.stringify(await parts.redis.xrange("{site:daily}:audit", "-", "+"));
    expect(kept).toContain(id);
    expect(handle).toMatch(/^v1\./);
    for (const told of [String(handle), first, second]) expect(kept).not.toContain(told);
  });

  it("S144: names every key that Redis holds, and those go by themselves of which it says so", async () => {
    await moderate(await read());
    const { redis } = parts;
    await raidPage(redis, "daily", "raided");
    const webhook = parseWebhookRequest({ url: "https://newsroom.example/hook" });
    await saveWebhook(redis, "daily", "newsroom", webhook, Date.now());
    await until("the site to be told", async () => (await redis.keys("{site:daily}:totals")).length > 0);
    await until("votes to be held", async () => (await countHeld(redis, "daily", "pressed")) > 0);
    const keys = (await redis.keys("*")).sort();
    expect(keys).toContain("{site:daily}:holding");
    const unnamed = keys.filter((key) => !rows.some(({ names }) => names.some((name) => isNamed(key, name))));
    expect(unnamed).toEqual([]);
    for (const key of keys) {
      const row = rows.find(({ names }) => names.some((name) => isNamed(key, name)));
      if (row?.kept_ms === undefined) continue;
      const left_ms = await redis.pttl(key);
      expect(left_ms, key).not.toBe(-1);
      expect(left_ms, key).toBeLessThanOrEqual(row.kept_ms);
    }
    const held = rows.filter(({ names }) => names.some((name) => keys.some((key) => isNamed(key, name))));
    expect(held.length).toBeGreaterThan(rows.length / 2);
  });
});
