/**
 * One page past 100,000 voters against a plain Map: they switch, withdraw and come back, their votes come late and their jobs twice,
 * while buckets split. Afterwards every single record must be the Map's.
 */
import { createHash, randomInt, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { pageKeys } from "../../shared/tallies/page-keys.ts";
import { readCounts } from "../../shared/tallies/read-counts.ts";
import { HELD, isHeld, WITHDRAWN } from "../../shared/tallies/record.ts";
import { type ScannedRecord, scanRecords } from "../../shared/tallies/scan-records.ts";
import { type TallyVote, tallyPage, VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import { Random } from "../faults/rig/random.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const SITE = { id: "large", name: "Large", reactions: DEFAULT_REACTIONS };
const { redis, lifecycle } = openTestRedis();

const VOTERS = 110_000;
/** How far a vote may come from its place, in votes; how far a job that is delivered once more from its first time, in jobs. */
const LATE_MAX = 4_000;
const AGAIN_MAX = 60;
/** Jobs that are tallied side by side. */
const TOGETHER = 20;
/** So many buckets the votes of one call fill, at 50 records each (split.lua). */
const SPLITS_A_CALL_MAX = Math.ceil(VOTES_A_CALL_MAX / 50);

/** Printed with every failure. */
const seed = randomInt(2 ** 31);
const random = new Random(seed);

beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

/** A voter's pseudonym and source: as uneven as the keyed hashes that they are in life. */
function voterOf(n: number): Pick<TallyVote, "voter" | "source"> {
  const digest = createHash("sha256").update(`${seed} ${n}`).digest();
  return { voter: digest.toString("hex", 0, 8), source: digest.readUIntBE(8, 3) };
}

/** What everybody sends, as it is stamped; the stamps of one voter differ. */
function votesInOrder(): readonly TallyVote[] {
  const reaction = (): number => random.below(DEFAULT_REACTIONS.length);
  const votes: TallyVote[] = [];
  let at = 1_000;
  for (let n = 0; n < VOTERS; n++) {
    votes.push({ ...voterOf(n), reaction: reaction(), at: ++at });
    // One who voted before, a moment or long ago, thinks again.
    if (!random.chance(0.2)) continue;
    const again = voterOf(random.chance(0.3) ? Math.max(0, n - random.below(50)) : random.below(n + 1));
    votes.push({ ...again, reaction: random.chance(0.4) ? null : reaction(), at: ++at });
  }
  return votes;
}

/** The votes as they arrive: jobs of any size, votes late by chance, some jobs twice. */
function jobsOf(votes: readonly TallyVote[]): readonly (readonly TallyVote[])[] {
  const arriving = shift(votes, LATE_MAX, 0.1);
  const jobs: (readonly TallyVote[])[] = [];
  for (let from = 0; from < arriving.length; ) {
    const to = from + 1 + random.below(VOTES_A_CALL_MAX);
    jobs.push(arriving.slice(from, to));
    from = to;
  }
  const twice = jobs.flatMap((job) => (random.chance(0.1) ? [job, job] : [job]));
  return shift(twice, AGAIN_MAX, 0.2);
}

/** Some come later than they should, by up to `most` places. */
function shift<Item>(items: readonly Item[], most: number, share: number): readonly Item[] {
  return items
    .map((item, place) => ({ item, place: place + (random.chance(share) ? random.below(most) : 0) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** What each voter holds in the end: the newest vote. */
function newestOf(votes: readonly TallyVote[]): ReadonlyMap<string, Omit<TallyVote, "voter">> {
  return new Map(votes.map(({ voter, ...vote }) => [voter, vote]));
}

async function allRecords(page: string): Promise<readonly ScannedRecord[]> {
  const all: ScannedRecord[] = [];
  let step = await scanRecords(redis, SITE.id, page);
  for (; step.place.next !== 0; step = await scanRecords(redis, SITE.id, page, step.place))
    all.push(...step.records);
  return [...all, ...step.records];
}

describe("a large page", () => {
  it("V1, V2, V3, V4, V89, C2, C7: has each voter's newest vote, whatever came late or twice, in buckets of at most 128", async () => {
    const page = randomUUID();
    const votes = votesInOrder();
    const jobs = jobsOf(votes);
    const bucketsNow = async (): Promise<number> =>
      Number((await redis.hget(pageKeys(SITE.id, page).hash, "buckets")) ?? 1);
    let before = 1;
    for (let from = 0; from < jobs.length; from += TOGETHER) {
      const together = jobs.slice(from, from + TOGETHER);
      await Promise.all(together.map((job) => tallyPage(redis, SITE.id, page, job)));
      // Each split copies one bucket; were they put off and made up for at once, Redis would stand still meanwhile.
      const after = await bucketsNow();
      expect(after - before, `seed ${seed}`).toBeLessThanOrEqual(together.length * SPLITS_A_CALL_MAX);
      before = after;
    }

    const newest = newestOf(votes);
    const records = await allRecords(page);
    expect(newest.size).toBe(VOTERS);
    expect(records.length, `seed ${seed}`).toBe(VOTERS);
    expect(new Set(records.map(({ voter }) => voter)).size).toBe(VOTERS);
    const wrong = records.filter(({ voter, at, reaction, source }) => {
      const expected = newest.get(voter);
      const shown = isHeld(reaction) ? reaction - HELD : reaction;
      return expected?.at !== at || expected.source !== source || (expected.reaction ?? WITHDRAWN) !== shown;
    });
    expect(wrong, `seed ${seed}`).toEqual([]);
    // Voters from everywhere: chance alone puts hardly any among a crowd.
    expect(records.filter(({ reaction }) => isHeld(reaction)).length).toBeLessThan(VOTERS / 1_000);

    const [counts] = await readCounts(redis, SITE, [page]);
    const totals = DEFAULT_REACTIONS.map(
      (_, index) => records.filter((one) => one.reaction === index).length,
    );
    expect(Object.values(counts?.counts ?? {}), `seed ${seed}`).toEqual(totals);
    expect(counts?.total).toBe(totals.reduce((sum, total) => sum + total, 0));
    expect(totals.reduce((sum, total) => sum + total, 0)).toBeGreaterThan(0.8 * VOTERS);

    const tag = `{${SITE.id}:${page}}`;
    const first = await bucketsNow();
    const keys = Array.from({ length: first }, (_, n) => `${tag}:v:${first + n}`);
    const sizes = await Promise.all(keys.map((key) => redis.hlen(key)));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(VOTERS);
    expect(Math.max(...sizes), `seed ${seed}`).toBeLessThanOrEqual(128);
    expect(await redis.object("ENCODING", `${tag}:v:${first}`)).toBe("listpack");
    await redis.unlink(`${tag}:page`, ...keys);
  }, 120_000);
});
