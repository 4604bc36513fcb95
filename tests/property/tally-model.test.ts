/**
 * The tally against a model that fits on a page: a Map from voter to the newest vote. Votes come at random, doubled, out of
 * order, in redelivered jobs, over several pages; afterwards totals and every record must be the model's.
 */
import { createHash, randomInt, randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { pageKeys } from "../../shared/tallies/page-keys.ts";
import { readCounts } from "../../shared/tallies/read-counts.ts";
import { readRecord } from "../../shared/tallies/read-record.ts";
import { type TallyVote, tallyPage, VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { tallyJob } from "../support/tally-job.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const SITE = { id: "model", name: "Model", reactions: DEFAULT_REACTIONS };
const { redis, lifecycle } = openTestRedis();

/** So many buckets the votes of one call fill, at 48 records each (split.lua). */
const SPLITS_A_CALL_MAX = Math.ceil(VOTES_A_CALL_MAX / 48);

/** Printed with every failure; a seed that failed once becomes a test of its own. */
const seed = randomInt(2 ** 31);

beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

/** What a voter holds, by page and voter: the newest vote, and of equally new ones the one tallied last. */
class Model {
  readonly #records = new Map<string, AcceptedVote>();

  apply(vote: AcceptedVote): void {
    const name = `${vote.page}\n${vote.voter}`;
    const before = this.#records.get(name);
    if (before === undefined || vote.at >= before.at) this.#records.set(name, vote);
  }

  get records(): readonly AcceptedVote[] {
    return [...this.#records.values()];
  }

  totals(page: string): readonly number[] {
    const held = this.records.filter((record) => record.page === page);
    return SITE.reactions.map((_, index) => held.filter(({ reaction }) => reaction === index).length);
  }
}

const voters = Array.from({ length: 12 }, (_, i) => i.toString(16).repeat(16).slice(0, 16));

/** One job: votes of few voters on few pages, so that they meet; stamps are small, so that they tie. */
const job = fc.array(
  fc.record({
    page: fc.integer({ min: 0, max: 2 }),
    voter: fc.constantFrom(...voters),
    reaction: fc.option(fc.integer({ min: 0, max: 3 })),
    at: fc.integer({ min: 1, max: 30 }),
  }),
  { minLength: 1, maxLength: 40 },
);

describe("the tally", () => {
  it("V1, V2, V3, V4, C2: equals the model, whatever is doubled, late or redelivered", async () => {
    const run = fc.asyncProperty(
      fc.array(job, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      async (jobs, again) => {
        const pages = [0, 1, 2].map((n) => `${n}-${randomUUID()}`);
        const model = new Model();
        const commits = jobs.map((votes) =>
          votes.map(
            (vote): AcceptedVote => ({ ...vote, site: SITE.id, page: pages[vote.page] ?? "", source: 1 }),
          ),
        );
        // Jobs delivered once more, after anything else: their votes are the same states as before.
        const redelivered = again.map((n) => commits[n % commits.length] ?? []);
        for (const votes of [...commits, ...redelivered]) {
          await tallyJob(redis, votes);
          for (const vote of votes) model.apply(vote);
        }
        const counts = await readCounts(redis, SITE, pages);
        for (const [index, page] of pages.entries()) {
          expect(Object.values(counts[index]?.counts ?? {})).toEqual(model.totals(page));
        }
        for (const { page, voter, reaction, at } of model.records) {
          expect(await readRecord(redis, SITE.id, page, voter)).toEqual({ reaction, at, held: false });
        }
      },
    );
    await fc.assert(run, { seed, numRuns: 60 });
  });

  it("C3: raises the revision by one when a call changes the counts, and only then", async () => {
    const page = randomUUID();
    const model = new Model();
    let rev = 0;
    let epoch: string | undefined;
    for (let i = 0; i < 200; i++) {
      const before = model.totals(page).join();
      const vote = {
        site: SITE.id,
        page,
        voter: voters[randomInt(4)] ?? "",
        reaction: randomInt(3),
        at: randomInt(50),
        source: 0,
      };
      model.apply(vote);
      if (model.totals(page).join() !== before) rev++;
      await tallyPage(redis, SITE.id, page, [vote]);
      const [counts] = await readCounts(redis, SITE, [page]);
      expect(counts?.rev, `seed ${seed}, vote ${i}`).toBe(rev);
      epoch ??= counts?.epoch;
      expect(counts?.epoch).toBe(epoch);
    }
    expect(epoch).toMatch(/^[\w-]{8}$/);
  });

  it("C2, C7, V89: stays right past 100,000 voters on a page, in buckets of at most 128", async () => {
    const page = randomUUID();
    const total = 120_000;
    const held = new Map<string, number>();
    const pseudonym = (n: number): string => {
      // Evenly spread, as the keyed hash is: the first bits decide the bucket.
      const spread = Math.imul(n, 0x9e3779b1) >>> 0;
      return spread.toString(16).padStart(8, "0") + n.toString(16).padStart(8, "0");
    };
    const calls: TallyVote[][] = [];
    for (let n = 0; n < total; n++) {
      if (n % VOTES_A_CALL_MAX === 0) calls.push([]);
      const vote = {
        voter: pseudonym(n),
        reaction: n % 4,
        at: 1_000 + n,
        source: createHash("sha256").update(String(n)).digest().readUIntBE(0, 3),
      };
      held.set(vote.voter, vote.reaction);
      calls.at(-1)?.push(vote);
    }
    // Some switch, some come again unchanged, some come late.
    calls.push(
      Array.from({ length: VOTES_A_CALL_MAX }, (_, i) => {
        const voter = pseudonym(i * 500);
        if (i % 2 === 0) held.set(voter, 3);
        return { voter, reaction: 3, at: i % 2 === 0 ? 10_000_000 : 1, source: 0 };
      }),
    );
    const bucketsNow = async (): Promise<number> =>
      Number((await redis.hget(pageKeys(SITE.id, page).hash, "buckets")) ?? 1);
    let before = 1;
    for (let from = 0; from < calls.length; from += 20) {
      const together = calls.slice(from, from + 20);
      await Promise.all(together.map((votes) => tallyPage(redis, SITE.id, page, votes)));
      // Each split copies one bucket; were they put off and made up for at once, Redis would stand still meanwhile.
      const after = await bucketsNow();
      expect(after - before).toBeLessThanOrEqual(together.length * SPLITS_A_CALL_MAX);
      before = after;
    }
    const tooMany = [...(calls[0] ?? []), ...(calls[1] ?? []).slice(0, 1)];
    await expect(tallyPage(redis, SITE.id, page, tooMany)).rejects.toThrow(RangeError);
    const [counts] = await readCounts(redis, SITE, [page]);
    const expected = [0, 1, 2, 3].map(
      (reaction) => [...held.values()].filter((value) => value === reaction).length,
    );
    expect(Object.values(counts?.counts ?? {})).toEqual(expected);
    expect(counts?.total).toBe(total);
    for (let n = 0; n < total; n += 397) {
      expect((await readRecord(redis, SITE.id, page, pseudonym(n)))?.reaction).toBe(held.get(pseudonym(n)));
    }

    const tag = `{${SITE.id}:${page}}`;
    const [buckets, records] = await redis.hmget(`${tag}:page`, "buckets", "records");
    expect(Number(records)).toBe(total);
    let kept = 0;
    let largest = 0;
    const first = Number(buckets);
    for (let bucket = first; bucket < 2 * first; bucket++) {
      const size = await redis.hlen(`${tag}:v:${bucket}`);
      kept += size;
      largest = Math.max(largest, size);
    }
    expect(kept).toBe(total);
    expect(largest).toBeLessThanOrEqual(128);
    expect(await redis.object("ENCODING", `${tag}:v:${first}`)).toBe("listpack");
    await redis.unlink(`${tag}:page`, ...Array.from({ length: first }, (_, i) => `${tag}:v:${first + i}`));
  });

  it("C6: pages whose ids look like keys, hold braces or are long are pages of their own", async () => {
    const base = randomUUID();
    const pages = [
      base,
      `${base}}`,
      `{${base}}`,
      `${base}}:page`,
      `${base}:v:1`,
      `#${base}`,
      `${base} `,
      `${base}/${"x".repeat(400)}`,
      `${base}/${"x".repeat(401)}`,
      `${base}é`,
    ];
    for (const [index, page] of pages.entries()) {
      const votes = voters.slice(0, index + 1).map((voter) => ({ voter, reaction: 0, at: 1, source: 0 }));
      await tallyPage(redis, SITE.id, page, votes);
    }
    const counts = await readCounts(redis, SITE, pages);
    expect(counts.map(({ total }) => total)).toEqual(pages.map((_, index) => index + 1));
    expect(counts.map(({ page }) => page)).toEqual(pages);
  });
});
