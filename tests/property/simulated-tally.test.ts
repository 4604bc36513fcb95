/** The simulation's model of the tally against the real one: every call of a simulated world, made again in Redis. */
import { randomInt, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { readCounts } from "../../shared/tallies/read-counts.ts";
import { readRecord } from "../../shared/tallies/read-record.ts";
import { tallyPage } from "../../shared/tallies/tally-page.ts";
import { Random } from "../faults/rig/random.ts";
import { simulate } from "../simulation/simulate.ts";
import { TallyModel } from "../simulation/tally-model.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const SITE = { id: "simulated", name: "Simulated", reactions: DEFAULT_REACTIONS };
const NAMES: readonly (string | null)[] = DEFAULT_REACTIONS;
const { redis, lifecycle } = openTestRedis();
const seed = randomInt(2 ** 31);

beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

describe("the tally of the simulation", () => {
  it("V2, V3, C2, C3: is that of Redis: revisions after each of thousands of calls, totals and records in the end", async () => {
    const { calls, final } = await simulate(new Random(seed), 80_000);
    expect(calls.length).toBeGreaterThan(2_000);
    const world = randomUUID();
    const model = new TallyModel();
    for (const [n, { page, votes }] of calls.entries()) {
      model.apply(page, votes);
      const { rev, early, refused } = await tallyPage(redis, SITE.id, `${page}-${world}`, votes);
      expect({ rev, early, refused }, `seed ${seed}, call ${n}`).toEqual({
        rev: model.counts(page).rev,
        early: [],
        refused: 0,
      });
    }
    const pages = final.pages.map(({ page }) => `${page}-${world}`);
    const counts = await readCounts(redis, SITE, pages);
    expect(counts, `seed ${seed}`).toEqual(
      final.pages.map((expected, n) => ({ ...expected, page: pages[n], epoch: counts[n]?.epoch })),
    );
    expect(final.records.length).toBeGreaterThan(1_000);
    for (const { page, voter, reaction, at } of final.records) {
      const index = NAMES.indexOf(reaction);
      expect(await readRecord(redis, SITE.id, `${page}-${world}`, voter), `seed ${seed}`).toEqual({
        reaction: index < 0 ? null : index,
        at,
        held: false,
      });
    }
  });
});
