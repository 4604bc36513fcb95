/**
 * The hot lists against a model in plain doubles: the list of a page's changes, each halved for every half-life that has
 * passed, forgotten when their sum is not above zero.
 */
import { randomInt, randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MovesBySite, warmSites } from "../../services/worker/warm-sites.ts";
import { HALF_LIFE_MS, HOT_WINDOWS } from "../../shared/contract/hot.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { addHeat, type PageMove } from "../../shared/tallies/add-heat.ts";
import { readHot } from "../../shared/tallies/read-hot.ts";
import { registerPages } from "../../shared/tallies/register-pages.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { tallyJob } from "../support/tally-job.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
const seed = randomInt(2 ** 31);
const START_MS = Date.UTC(2026, 10, 1);
const LISTS = [undefined, 0, 1, 2, 3];

beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

function freshSite() {
  return { id: `hot-${randomUUID()}`, name: "Hot", reactions: DEFAULT_REACTIONS };
}

function titled(page: string) {
  return { page, title: `Title of ${page}`, url: `https://news.example/${page}` };
}

const failed = (error: unknown): never => {
  throw error;
};

interface Change {
  readonly by: number;
  readonly at: number;
}

/** What one list holds of one page. */
class Heat {
  readonly #half_life_ms: number;
  #changes: Change[] = [];

  constructor(half_life_ms: number) {
    this.#half_life_ms = half_life_ms;
  }

  add(change: Change): void {
    if (change.by === 0) return;
    this.#changes.push(change);
    if (this.at(Math.max(...this.#changes.map(({ at }) => at))) <= 1e-9) this.#changes = [];
  }

  at(now_ms: number): number {
    return this.#changes.reduce((sum, { by, at }) => sum + by * 2 ** ((at - now_ms) / this.#half_life_ms), 0);
  }
}

const move = fc.record({
  page: fc.integer({ min: 0, max: 4 }),
  after_ms: fc.integer({ min: 0, max: 3 * HALF_LIFE_MS.hour }),
  moved: fc.array(fc.integer({ min: -3, max: 4 }), { minLength: 4, maxLength: 4 }),
});

/** Tallies votes and tells what that changed, by site; a page of several calls comes once. */
async function movesOf(votes: readonly AcceptedVote[]): Promise<MovesBySite> {
  const moves = new Map<string, Map<string, PageMove>>();
  await tallyJob(redis, votes, (site, page, { moved }, ofPage) => {
    const pages = moves.get(site) ?? new Map<string, PageMove>();
    moves.set(site, pages);
    const before = pages.get(page);
    pages.set(page, {
      page,
      at: Math.max(before?.at ?? 0, ...ofPage.map((vote) => vote.at)),
      moved: moved.map((change, reaction) => change + (before?.moved[reaction] ?? 0)),
    });
  });
  return new Map([...moves].map(([site, pages]) => [site, [...pages.values()]]));
}

describe("the hot lists", () => {
  it("C12, C14: hold what a model in plain doubles holds, within a millionth", async () => {
    const run = fc.asyncProperty(
      fc.array(move, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 9 * HALF_LIFE_MS.hour }),
      async (moves, later_ms) => {
        const site = freshSite();
        const now_ms = START_MS + later_ms;
        const model = new Map<string, Heat>();
        // Some pages get their title before they warm up, some after.
        await registerPages(redis, site.id, ["0", "1"].map(titled));
        for (const { page, after_ms, moved } of moves) {
          const at = START_MS + after_ms;
          const change: PageMove = { page: String(page), at, moved: [...moved, 0, 0, 0, 0] };
          await addHeat(redis, site.id, [change]);
          for (const window of HOT_WINDOWS) {
            for (const reaction of LISTS) {
              const name = `${window} ${reaction} ${page}`;
              const heat = model.get(name) ?? new Heat(HALF_LIFE_MS[window]);
              const by =
                reaction === undefined ? moved.reduce((sum, n) => sum + n, 0) : (moved[reaction] ?? 0);
              heat.add({ by, at });
              model.set(name, heat);
            }
          }
        }
        await registerPages(redis, site.id, ["0", "2", "3", "4"].map(titled));
        for (const window of HOT_WINDOWS) {
          for (const reaction of LISTS) {
            const hot = await readHot(redis, site, { window, reaction, limit: 50 }, now_ms);
            expect(hot.map(({ score }) => score)).toEqual(
              hot.map(({ score }) => score).sort((a, b) => b - a),
            );
            const scores = new Map(hot.map(({ page, score }) => [page, score]));
            for (const page of ["0", "1", "2", "3", "4"]) {
              const expected = model.get(`${window} ${reaction} ${page}`)?.at(now_ms) ?? 0;
              const difference = Math.abs((scores.get(page) ?? 0) - expected);
              expect(difference, `${window} ${reaction} ${page}`).toBeLessThan(1e-6 * Math.max(1, expected));
            }
          }
        }
      },
    );
    await fc.assert(run, { seed, numRuns: 40 });
  });

  it("C12: stand on any distance in time, and never overflow", async () => {
    const site = freshSite();
    await registerPages(redis, site.id, ["old", "new"].map(titled));
    const moved = [1, 0, 0, 0, 0, 0, 0, 0];
    const year_ms = 365 * 86_400_000;
    await addHeat(redis, site.id, [{ page: "old", at: START_MS, moved }]);
    await addHeat(redis, site.id, [
      { page: "new", at: START_MS + 100 * year_ms, moved },
      { page: "old", at: START_MS + 100 * year_ms, moved: [2, 0, 0, 0, 0, 0, 0, 0] },
    ]);
    // A job that lay for a century is weighed by its own time.
    await addHeat(redis, site.id, [{ page: "new", at: START_MS, moved }]);
    const hot = await readHot(
      redis,
      site,
      { window: "hour", reaction: undefined, limit: 5 },
      START_MS + 100 * year_ms,
    );
    expect(hot.map(({ page }) => page)).toEqual(["old", "new"]);
    expect(hot[0]?.score).toBeCloseTo(2, 6);
    expect(hot[1]?.score).toBeCloseTo(1, 6);
  });

  it("C13: a redelivered job adds nothing", async () => {
    const site = freshSite();
    const pages = Array.from({ length: 4 }, (_, n) => `p${n}`);
    await registerPages(redis, site.id, pages.map(titled));
    const votes = Array.from(
      { length: 450 },
      (_, n): AcceptedVote => ({
        site: site.id,
        page: pages[n % 2] ?? "",
        voter: n.toString(16).padStart(16, "0"),
        reaction: n % 4,
        at: START_MS + n,
        // Spread as a keyed hash is: of neighbours some would be held.
        source: Math.imul(n, 0x9e3779b1) >>> 8,
      }),
    );
    const query = { window: "day", reaction: undefined, limit: 10 } as const;
    await warmSites(redis, await movesOf(votes), failed);
    const once = await readHot(redis, site, query, START_MS);
    expect(once.map(({ total }) => total)).toEqual([225, 225]);
    for (const { score } of once) expect(score).toBeCloseTo(225, 1);
    for (let times = 0; times < 3; times++) {
      const moves = await movesOf(votes);
      expect([...moves.values()].flat().flatMap(({ moved }) => moved.filter(Boolean))).toEqual([]);
      await warmSites(redis, moves, failed);
    }
    expect(await readHot(redis, site, query, START_MS)).toEqual(once);
    // A switch moves heat from one reaction's list to another's, and none in the list of all.
    const switched = votes.slice(0, 1).map((vote) => ({ ...vote, reaction: 3, at: START_MS + 1_000 }));
    await warmSites(redis, await movesOf(switched), failed);
    expect((await readHot(redis, site, query, START_MS)).map(({ score }) => score)).toEqual(
      once.map(({ score }) => score),
    );
    const angry = await readHot(redis, site, { ...query, reaction: 3 }, START_MS);
    expect(angry.find(({ page }) => page === "p0")?.score).toBeCloseTo(1, 1);
  });

  it("C16: a list holds a thousand pages, and pages without a title crowd out none that has one", async () => {
    const site = freshSite();
    const moves = (from: number, count: number, by: number): PageMove[] =>
      Array.from({ length: count }, (_, n) => ({
        page: `p${from + n}`,
        at: START_MS,
        moved: [by, 0, 0, 0, 0, 0, 0, 0],
      }));
    await registerPages(
      redis,
      site.id,
      Array.from({ length: 1_100 }, (_, n) => titled(`p${n}`)),
    );
    await addHeat(redis, site.id, moves(0, 1_100, 1));
    await addHeat(redis, site.id, moves(0, 50, 2));
    await addHeat(redis, site.id, moves(2_000, 1_200, 100));
    for (const list of ["hot:hour", "hot:hour:0", "hot:week"]) {
      expect(await redis.zcard(`{site:${site.id}}:${list}`)).toBe(1_000);
    }
    const hot = await readHot(redis, site, { window: "hour", reaction: undefined, limit: 50 }, START_MS);
    expect(hot.map(({ page }) => Number(page.slice(1))).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
    // With a title the heat that it has gathered counts.
    await registerPages(redis, site.id, [titled("p3100")]);
    const [first] = await readHot(redis, site, { window: "hour", reaction: 0, limit: 1 }, START_MS);
    expect(first).toMatchObject({ page: "p3100", title: "Title of p3100" });
    expect(first?.score).toBeCloseTo(100, 6);
  });
});
