import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAlerts } from "../../shared/contract/alerts.ts";
import { type Pulse, parsePulse } from "../../shared/contract/pulse.ts";
import { parseSystemState } from "../../shared/contract/system.ts";
import { parseTimeline } from "../../shared/contract/timeline.ts";
import { readViewers, tellViewers } from "../../shared/live/viewers.ts";
import { watchSite } from "../../shared/live/watch-site.ts";
import { Tokens } from "../../shared/moderation/tokens.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { addToSite } from "../../shared/tallies/add-to-site.ts";
import { readChanges } from "../../shared/tallies/read-timeline.ts";
import { tallyPage } from "../../shared/tallies/tally-page.ts";
import { ADMIN_TOKEN, freshSite } from "../support/fresh-site.ts";
import { raidPage } from "../support/raid.ts";
import { call, freshPage, newVoter, tallied, until, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const { site, env } = freshSite();
const sockets: Socket[] = [];
/** A Redis of its own: the look at all sites is one job for all services on a Redis. */
let own: TestRedis;
let redis: RedisConnection;
let lifecycle: Lifecycle;
let service: TestService;
const raided = freshPage("raided");
beforeAll(async () => {
  own = await startTestRedis();
  ({ redis, lifecycle } = openTestRedis("worker", own.url));
  await raidPage(redis, site, raided);
  service = await startService(own.url, env);
}, 30_000);
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await service.stop();
  await lifecycle.stop();
  await own.stop();
});

const path = (route: string, id = site): string => `${service.url}/v1/sites/${id}/${route}`;
const MINUTE = 60_000;

async function timeline(query: Readonly<Record<string, string>>) {
  const { status, body } = await call(path(`timeline?${new URLSearchParams(query)}`));
  expect(status, JSON.stringify(body)).toBe(200);
  const parsed = parseTimeline(body);
  if (parsed === undefined) throw new Error("a timeline that the contract does not know");
  return parsed;
}

/** A dashboard; what it hears is kept. */
function dashboard(auth: Readonly<Record<string, unknown>>) {
  const socket = io(`${service.url}/live`, { transports: ["websocket"], auth, forceNew: true });
  sockets.push(socket);
  const heard: unknown[] = [];
  socket.on("pulse", (pulse: unknown) => heard.push(pulse));
  const refused = new Promise<unknown>((resolve) => {
    socket.once("connect_error", (error) => resolve("data" in error ? error.data : undefined));
  });
  const next = async (fits: (pulse: Pulse) => boolean): Promise<Pulse> => {
    let found: Pulse | undefined;
    await until("a pulse", () => {
      found = heard.map(parsePulse).find((pulse) => pulse !== undefined && fits(pulse));
      return found !== undefined;
    });
    if (found === undefined) throw new Error("no pulse");
    return found;
  };
  return { socket, heard, refused, next };
}

describe("GET timeline", () => {
  it("C30, C31, C32: a page's ends with its counts, a site's is the sum", async () => {
    const [one, two] = [freshPage("one"), freshPage("two")];
    const [a, b] = [await newVoter(service.url, site), await newVoter(service.url, site)];
    await tallied(service.url, { page: one, reaction: "great", voter: a }, site);
    await tallied(service.url, { page: one, reaction: "great", voter: b }, site);
    await tallied(service.url, { page: one, reaction: "sad", voter: b }, site);
    await tallied(service.url, { page: two, reaction: "great", voter: a }, site);
    const { points } = await timeline({ page: one, step: "minute" });
    expect(points[0]?.counts).toEqual({ great: 0, sad: 0, angry: 0, recommend: 0 });
    expect(points.at(-1)?.counts).toEqual({ great: 1, sad: 1, angry: 0, recommend: 0 });
    await until("the site to follow", async () => {
      const last = (await timeline({ step: "hour" })).points.at(-1)?.counts;
      return last?.great === 2 && last.sad === 1;
    });
  });

  it("C31, C33: stands at the stamps, by minute for two days, by hour for longer, and expires", async () => {
    const page = freshPage();
    const now = Date.now();
    const [newer, hours] = [now - 2 * 3_600_000, now - 5 * 3_600_000];
    const [days, years] = [now - 90 * 86_400_000, now - 500 * 86_400_000];
    const votes = [now, hours, days, years, hours, newer].map((at, index) => {
      return { voter: `000000000000000${index}`, reaction: index % 2, at, source: 0 };
    });
    for (let time = 0; time < 2; time++) {
      const { changes, applied } = await tallyPage(redis, site, page, votes);
      expect(applied).toBe(time === 0 ? 6 : 0);
      await addToSite(redis, site, changes, applied);
    }
    const minutes = await readChanges(redis, site, page, "minute", now - 47 * 3_600_000);
    const minute = (at: number) => Math.floor(at / MINUTE) * MINUTE;
    expect(minutes.changes.map(({ at, reaction, change }) => `${at} ${reaction} ${change}`).sort()).toEqual([
      `${minute(hours)} 0 1`,
      `${minute(hours)} 1 1`,
      `${minute(newer)} 1 1`,
      `${minute(now)} 0 1`,
    ]);
    const byHour = await readChanges(redis, site, page, "hour", now - 399 * 86_400_000);
    expect(byHour.changes.reduce((sum, { change }) => sum + change, 0)).toBe(5);
    const { points } = await timeline({ page, step: "day", from: String(now - 100 * 86_400_000) });
    expect(Object.values(points[0]?.counts ?? {}).reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(Object.values(points.at(-1)?.counts ?? {}).reduce((sum, count) => sum + count, 0)).toBe(6);
    const keys = (await redis.keys(`{${site}:${page}}:*`)).filter((key) => /:[th]:\d+$/.test(key));
    expect(keys.length).toBeGreaterThan(1);
    for (const key of keys) expect(await redis.ttl(key), key).toBeGreaterThan(0);
    const minuteKey = keys.find((key) => key.endsWith(`:t:${Math.floor(hours / 3_600_000)}`)) ?? "";
    expect(await redis.ttl(minuteKey)).toBeLessThan(49 * 3_600);
  });

  it("C34, S1: is cacheable, and refuses what is not kept and what is no span", async () => {
    const { headers } = await call(path("timeline"));
    expect(headers.get("cache-control")).toMatch(/^public, max-age=5/);
    const now = Date.now();
    for (const query of [
      "step=year",
      "from=x",
      "to=-1",
      "from=1e3",
      `from=${now}&to=${now - 1}`,
      `from=${now + 3_600_000}`,
      `step=minute&from=${now - 49 * 3_600_000}`,
      `from=${now - 401 * 86_400_000}`,
      `from=${now - 399 * 86_400_000}`,
    ]) {
      const refused = await call(path(`timeline?${query}`));
      expect(refused, query).toMatchObject({ status: 400, body: { code: "query_invalid" } });
    }
    expect(await call(path("timeline?page="))).toMatchObject({ status: 400, body: { code: "page_invalid" } });
    expect(await call(path("timeline", "nowhere"))).toMatchObject({ status: 404 });
    const hidden = freshPage("hidden");
    await tallied(service.url, { page: hidden, reaction: "great" }, site);
    await redis.hset(`{${site}:${hidden}}:page`, "state", "hidden");
    expect((await timeline({ page: hidden })).points.at(-1)?.counts.great).toBe(0);
  });

  it("C35: badges and timelines are pictures in which nothing from outside is markup", async () => {
    const page = '"><script>alert(1)</script>';
    await tallied(service.url, { page, reaction: "angry" }, site);
    const query = new URLSearchParams({ page });
    for (const picture of ["badge.svg", "timeline.svg"]) {
      const response = await fetch(path(`${picture}?${query}`));
      expect(response.headers.get("content-type")).toBe("image/svg+xml; charset=utf-8");
      expect(response.headers.get("cache-control")).toMatch(/^public, max-age=60/);
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
      const text = await response.text();
      expect(text).toMatch(/<title>[^<]*1 angry[^<]*<\/title>/);
      expect(text).toContain('role="img"');
      expect(text.toLowerCase()).not.toContain("script");
    }
    expect(await call(path("badge.svg"))).toMatchObject({ status: 400, body: { code: "pages_invalid" } });
    expect(await call(path("badge.svg?page=a&page=b"))).toMatchObject({ status: 400 });
  });
});

describe("/live", () => {
  it("P40, P42: sends a pulse a second with totals, hot pages, viewers and backlog", async () => {
    const page = freshPage("hot");
    const pages = [{ page, title: "<b>Hot</b>", url: "https://news.example/hot" }];
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    await call(path("pages"), { method: "PUT", headers, body: JSON.stringify({ pages }) });
    const viewer = await service.socket(site);
    viewer.emit("watch", { pages: [page] }, () => {});
    const { next, heard } = dashboard({ site, token: ADMIN_TOKEN });
    await vote(service.url, { page, reaction: "great" }, {}, site);
    const moving = await next(({ votesPerSecond }) => votesPerSecond > 0);
    expect(moving.totals.great).toBeGreaterThan(0);
    const seen = await next(
      ({ hot, viewers }) => hot[0]?.page === page && hot[0].viewers === 1 && viewers > 0,
    );
    expect(seen.hot[0]).toMatchObject({ title: "<b>Hot</b>", total: 1 });
    expect(seen.hot[0]?.spark.at(-1) === 1 || seen.hot[0]?.spark.at(-2) === 1).toBe(true);
    expect(seen.backlog.jobs).toBeGreaterThanOrEqual(0);
    // One a second, however many listen: the gaps are those of the service's clock.
    const second = dashboard({ site, token: ADMIN_TOKEN });
    const shared = await second.next(() => true);
    expect(heard.map(parsePulse).map((pulse) => pulse?.at)).toContain(shared.at);
    const times = heard.map(parsePulse).map((pulse) => pulse?.at ?? 0);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThan(900);
  });

  it("P42: viewers are those of all processes, without the ones that fell silent", async () => {
    const name = `viewers-${freshPage()}`;
    const now = Date.now();
    await tellViewers(redis, name, "a", { sockets: 5, pages: new Map([["p", 3]]) }, now);
    await tellViewers(
      redis,
      name,
      "b",
      {
        sockets: 2,
        pages: new Map([
          ["p", 1],
          ["q", 1],
        ]),
      },
      now,
    );
    expect(await readViewers(redis, name, ["q", "p"], now)).toEqual({ sockets: 7, pages: [1, 4] });
    await tellViewers(redis, name, "b", { sockets: 0, pages: new Map() }, now + 10_000);
    expect(await readViewers(redis, name, ["p"], now + 16_000)).toEqual({ sockets: 0, pages: [0] });
  });

  it("P41, S1: refuses whoever has no token, a wrong one, or one of another site", async () => {
    const tokens = new Tokens(redis, undefined);
    const name = `t${Date.now()}`;
    const other = await tokens.create({ name, scope: "read", site: "other" }, "test", Date.now());
    for (const [auth, code] of [
      [{ site: "nowhere", token: ADMIN_TOKEN }, "site_unknown"],
      [{ site }, "token_missing"],
      [{ site, token: 5 }, "token_missing"],
      [{ site, token: "wrong" }, "token_invalid"],
      [{ site, token: other.token }, "scope_missing"],
    ] as const) {
      expect(await dashboard(auth).refused, code).toMatchObject({ problem: { code } });
    }
    await tokens.revoke(name);
  });

  it("P41: sends whoever's token is revoked away, with the reason", async () => {
    const tokens = new Tokens(redis, undefined);
    const name = `r${Date.now()}`;
    const { token } = await tokens.create({ name, scope: "read" }, "test", Date.now());
    const { socket, next } = dashboard({ site, token });
    await next(() => true);
    const told = new Promise((resolve) => socket.once("refused", resolve));
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    await tokens.revoke(name);
    expect(await told).toMatchObject({ code: "token_invalid" });
    expect(await gone).toBe("io server disconnect");
  });
});

const authorized = { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } };

async function alerts(query = "") {
  const { status, body } = await call(path(`alerts${query}`), authorized);
  expect(status, JSON.stringify(body)).toBe(200);
  return parseAlerts(body) ?? [];
}

describe("GET alerts", () => {
  it("M60, M61, M62, M63: the worker looks by itself and tells what is odd, once", async () => {
    const about = async () => (await alerts()).filter(({ page }) => page === raided);
    await until("the worker to look", async () => (await about()).length === 3);
    await watchSite(redis, { id: site, reactions: ["great", "sad", "angry", "recommend"] }, Date.now());
    const found = await about();
    expect(found.map(({ why }) => why.kind).sort()).toEqual(["burst", "concentration", "mood-flip"]);
    const byKind = new Map(found.map((alert) => [alert.why.kind, alert]));
    expect(byKind.get("burst")).toMatchObject({ why: { votes: 70, minutes: 5, usual: 10 } });
    expect(byKind.get("burst")?.sentence).toBe(
      "70 votes within 5 minutes; on this page 10 are usual in that time.",
    );
    expect(byKind.get("concentration")?.why).toMatchObject({ matching: 70, source: "0003e8" });
    expect(byKind.get("mood-flip")?.why).toMatchObject({ from: "great", to: "angry" });
  });

  it("M63, S1: lists part by part, by kind, and refuses what it does not know", async () => {
    const [newest, second] = await alerts();
    expect((await alerts(`?limit=1&before=${newest?.id}`)).map(({ id }) => id)).toEqual([second?.id]);
    expect((await alerts("?kind=burst")).every(({ why }) => why.kind === "burst")).toBe(true);
    for (const query of ["limit=0", "limit=201", "before=x", "kind=love"]) {
      const refused = await call(path(`alerts?${query}`), authorized);
      expect(refused, query).toMatchObject({ status: 400, body: { code: "query_invalid" } });
    }
    expect(await call(path("alerts"))).toMatchObject({ status: 401, body: { code: "token_missing" } });
  });
});

describe("GET system", () => {
  it("S68: tells rates, backlog, latencies, living processes and how Redis is", async () => {
    for (const reaction of ["love", "great"])
      await vote(service.url, { page: freshPage(), reaction }, {}, site);
    const ask = async () => parseSystemState((await call(path("system"), authorized)).body);
    await until("the process to tell of itself", async () => {
      const { acceptedPerSecond = 0, refusedPerSecond = {} } = (await ask()) ?? {};
      return acceptedPerSecond > 0 && (refusedPerSecond.reaction_unknown ?? 0) > 0;
    });
    const state = await ask();
    expect(state?.processes).toMatchObject([{ kind: "all", version: state?.version }]);
    expect(state?.processes[0]?.memory_bytes).toBeGreaterThan(1e7);
    expect(state?.commit.p99_ms).toBeGreaterThan(0);
    expect(state?.tally.p50_ms).toBeGreaterThan(0);
    expect(state?.redis).toMatchObject({ appendonly: true, lastWriteOk: true, warnings: [] });
    expect(state?.redis.usedMemory_bytes).toBeGreaterThan(1e5);
    expect(state?.backlog.failed).toBe(0);
    expect(await call(path("system"))).toMatchObject({ status: 401 });
  });
});
