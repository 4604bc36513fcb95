import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { retainRecords } from "../../services/worker/retain-records.ts";
import { closePage } from "../../shared/tallies/close-page.ts";
import { dropRecords } from "../../shared/tallies/drop-records.ts";
import { listPages } from "../../shared/tallies/known-pages.ts";
import { readPageHead } from "../../shared/tallies/page-head.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { HELD } from "../../shared/tallies/record.ts";
import { recountPage } from "../../shared/tallies/recount-page.ts";
import { restorePage } from "../../shared/tallies/restore-page.ts";
import { setPageState } from "../../shared/tallies/set-page-state.ts";
import { takeVotes } from "../../shared/tallies/take-votes.ts";
import { restoreVotes, type TallyVote, tallyPage } from "../../shared/tallies/tally-page.ts";
import { freshSite } from "../support/fresh-site.ts";
import { exported, imported, moderator, timeless } from "../support/moderator.ts";
import { call, countsOf, freshPage, until, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const DAY_MS = 86_400_000;
const NOW = Date.now();
const OLD = NOW - 40 * DAY_MS;
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

function votes(count: number, at = OLD, reaction = 0): readonly TallyVote[] {
  return Array.from({ length: count }, (_, n) => ({
    voter: ((BigInt(n) * 0x9e3779b97f4a7c15n) % (1n << 64n)).toString(16).padStart(16, "0"),
    reaction: (n + reaction) % 4,
    at,
    source: n,
  }));
}

async function voted(all: readonly TallyVote[], of = site, page = freshPage()): Promise<string> {
  for (let from = 0; from < all.length; from += 200) {
    const settled = all
      .slice(from, from + 200)
      .map((one) => ({ ...one, reaction: (one.reaction ?? 0) + 16 }));
    await tallyPage(redis, of, page, settled);
  }
  await listPages(redis, of, [page]);
  return page;
}

const totalsOf = async (page: string, of = site) => (await readTotals(redis, of, page)).totals.slice(0, 4);

/** Closes a page and drops its records. */
async function closed(all: readonly TallyVote[], of = site): Promise<string> {
  const page = await voted(all, of);
  expect(await closePage(redis, of, page, NOW, async () => true)).toBe("closed");
  expect(await dropRecords(redis, of, page)).toBe(0);
  return page;
}

describe("retention", () => {
  it("V70: a page without votes for so long is closed and looks frozen; its records go, its totals stay", async () => {
    const of = `s-${randomUUID()}`;
    const old = await voted(votes(700), of);
    const young = await voted(
      [...votes(5), { voter: "f".repeat(16), reaction: 1, at: NOW - 20 * DAY_MS, source: 1 }],
      of,
    );
    const before = await readTotals(redis, of, old);
    // First they are shut: what was accepted until then is tallied before they are closed.
    expect(await retainRecords(redis, of, 30, NOW)).toBe(0);
    expect(await retainRecords(redis, of, 30, NOW + 30_000)).toBe(0);
    expect(await retainRecords(redis, of, 30, NOW + 60_000)).toBe(1);
    const after = await readTotals(redis, of, old);
    expect([after.totals, after.state, after.epoch]).toEqual([before.totals, "frozen", before.epoch]);
    expect(after.rev).toBe(before.rev + 1);
    const head = await readPageHead(redis, of, old);
    expect([head.records, head.base.slice(0, 4)]).toEqual([0, [175, 175, 175, 175]]);
    expect((await readPageHead(redis, of, young)).records).toBe(6);
    expect(await retainRecords(redis, of, 30, NOW + 120_000)).toBe(0);
    expect(await retainRecords(redis, of, 30, NOW + 11 * DAY_MS)).toBe(0);
    expect(await retainRecords(redis, of, 30, NOW + 11 * DAY_MS + 60_000)).toBe(1);
    expect((await readPageHead(redis, of, young)).records).toBe(0);
  });

  it("V70: a page that is shut takes no votes; one accepted before counts, and the page is open again", async () => {
    const of = site;
    const page = await voted(votes(3), of);
    const asked = { page, reaction: "great" };
    expect(await retainRecords(redis, of, 30, NOW)).toBe(0);
    await until("the page to be shut", async () => {
      const { status, body } = await vote(service.url, asked, {}, of);
      return status === 409 && body.code === "page_closed";
    });
    // It was on its way when the page was shut.
    await tallyPage(redis, of, page, [{ voter: "e".repeat(16), reaction: 16, at: NOW, source: 1 }]);
    expect(await retainRecords(redis, of, 30, NOW + 60_000)).toBe(0);
    expect((await readPageHead(redis, of, page)).records).toBeGreaterThanOrEqual(4);
    await until(
      "the page to take votes",
      async () => (await vote(service.url, asked, {}, of)).status === 202,
    );
  });

  it("V70: its votes are refused as page_closed over both roads, and nothing reopens it", async () => {
    const page = await closed(votes(3));
    const { status, body } = await vote(service.url, { page, reaction: "great" }, {}, site);
    expect([status, body.code]).toEqual([409, "page_closed"]);
    const socket = await service.socket(site);
    expect(await socket.emitWithAck("vote", { page, reaction: "great" })).toMatchObject({
      ok: false,
      problem: { code: "page_closed" },
    });
    expect((await countsOf(service.url, page, site)).state).toBe("frozen");
    await expect(moderator(service.url, site).order({ order: "reopen", page })).rejects.toMatchObject({
      code: "page_closed",
    });
    expect((await setPageState(redis, site, page, "reopen", NOW + 1)).isClosed).toBe(true);
    expect((await readTotals(redis, site, page)).state).toBe("frozen");
    await setPageState(redis, site, page, "hide", NOW + 2);
    expect((await readTotals(redis, site, page)).state).toBe("hidden");
    await setPageState(redis, site, page, "show", NOW + 3);
    expect((await readTotals(redis, site, page)).state).toBe("frozen");
  });

  it("V71: late votes on a closed page change nothing, whenever they were cast", async () => {
    const all = votes(300);
    const page = await voted(all);
    const before = await totalsOf(page);
    expect(await closePage(redis, site, page, NOW, async () => true)).toBe("closed");
    for (const late of [all.slice(0, 50), votes(50, NOW + 1, 1), votes(50, OLD - 5, 2)]) {
      const { applied, refused } = await tallyPage(redis, site, page, late);
      expect([applied, refused]).toEqual([0, late.length]);
    }
    expect(await dropRecords(redis, site, page)).toBe(0);
    expect((await tallyPage(redis, site, page, all.slice(0, 50))).refused).toBe(50);
    expect(await totalsOf(page)).toEqual(before);
  });

  it("V71: a vote that comes while a page is looked at keeps it open", async () => {
    const page = await voted(votes(3));
    const answer = await closePage(redis, site, page, NOW, async () => {
      await tallyPage(redis, site, page, [{ voter: "e".repeat(16), reaction: 2, at: NOW, source: 9 }]);
      return true;
    });
    expect([answer, (await readTotals(redis, site, page)).state]).toEqual(["left open", "open"]);
  });

  it("V71: dropping may be done twice and by two, before, after and amidst a recount; held votes go uncounted", async () => {
    const held = votes(20, OLD).map((one, n) => ({
      ...one,
      voter: `${"d".repeat(14)}${n + 10}`,
      reaction: HELD,
    }));
    const page = await voted(votes(4_000));
    await tallyPage(redis, site, page, held);
    const before = await totalsOf(page);
    expect((await readPageHead(redis, site, page)).records).toBe(4_020);
    await closePage(redis, site, page, NOW, async () => true);
    const [, , drift] = await Promise.all([
      dropRecords(redis, site, page),
      dropRecords(redis, site, page),
      recountPage(redis, site, page),
    ]);
    expect(drift.every((wrong) => wrong === 0)).toBe(true);
    expect(await recountPage(redis, site, page)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(await totalsOf(page)).toEqual(before);
    const head = await readPageHead(redis, site, page);
    expect([head.records, head.base.slice(0, 4)]).toEqual([0, before]);
  });

  it("M71: an undo gives back to a closed page what an order took before, and no more", async () => {
    const page = await voted(votes(8));
    const taking = {
      order: "o1",
      mode: "take",
      filter: { since: 0, until: NOW, reaction: 0 },
      keptUntil: NOW + DAY_MS,
    } as const;
    await takeVotes(redis, site, page, taking);
    expect(await totalsOf(page)).toEqual([0, 2, 2, 2]);
    await closePage(redis, site, page, NOW, async () => true);
    await dropRecords(redis, site, page);
    const kept = Buffer.concat(
      votes(8)
        .filter(({ reaction }) => reaction === 0)
        .map(packed),
    );
    await restoreVotes(redis, site, page, kept);
    await restoreVotes(redis, site, page, kept);
    expect(await totalsOf(page)).toEqual([2, 2, 2, 2]);
    expect(await dropRecords(redis, site, page)).toBe(0);
    expect(await totalsOf(page)).toEqual([2, 2, 2, 2]);
  });

  it("M71: an export from before does not count twice, one from after neither; a moderator can remove what is left", async () => {
    const page = await voted(votes(6));
    const before = await exported(service.url, site);
    await closePage(redis, site, page, NOW, async () => true);
    await dropRecords(redis, site, page);
    const after = await exported(service.url, site);
    expect(after).toMatch(new RegExp(`"page":"${page}".*"records":0.*"closed":${NOW}`));
    for (const lines of [before, after]) {
      expect((await imported(service.url, lines, "", site)).status).toBe(200);
      expect((await countsOf(service.url, page, site)).total).toBe(6);
    }
    expect(timeless(await exported(service.url, site))).toBe(timeless(after));
    // A page that still has its records keeps them, and is not closed by another service's word.
    const other = await voted(votes(6));
    const plan = { records: 0, base: [9, 0, 0, 0], frozen: `${NOW}:`, closed: NOW };
    await restorePage(redis, site, other, plan);
    expect(await readTotals(redis, site, other)).toMatchObject({
      state: "open",
      totals: [2, 2, 1, 1, 0, 0, 0, 0],
    });
    await moderator(service.url, site).removeBase(page);
    await until("the removal", async () => (await countsOf(service.url, page, site)).total === 0);
  });

  it("V70: what stays of a page in Redis names no voter", async () => {
    const page = await closed(votes(200));
    const keys = await redis.keys(`*${page}*`);
    expect(keys.filter((key) => /:v:\d+$|:holds$|:crowd$/.test(key))).toEqual([]);
    const { body } = await call(`${service.url}/v1/sites/${site}/base?${new URLSearchParams({ page })}`, {
      headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` },
    });
    expect(body.pages).toEqual([{ page, base: { great: 50, sad: 50, angry: 50, recommend: 50 } }]);
  });
});

/** As take.lua keeps a vote: voter, 42 bits of time, 6 of reaction, 3 bytes of source. */
function packed({ voter, reaction, at, source }: TallyVote): Buffer {
  const bytes = Buffer.alloc(17);
  bytes.write(voter, "hex");
  bytes.writeUIntBE(at * 64 + (reaction ?? 0), 8, 6);
  bytes.writeUIntBE(source, 14, 3);
  return bytes;
}
