/**
 * The tally against a model that fits on a page: a Map from voter to the newest vote. Votes come at random, doubled, out of
 * order, in redelivered jobs, over several pages; afterwards totals and every record must be the model's.
 */
import { createHash, randomInt, randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { readCounts } from "../../shared/tallies/read-counts.ts";
import { readRecord } from "../../shared/tallies/read-record.ts";
import { tallyPage, VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { tallyJob } from "../support/tally-job.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const SITE = { id: "model", name: "Model", reactions: DEFAULT_REACTIONS };
const { redis, lifecycle } = openTestRedis();

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

/** A voter's pseudonym and source, spread as the keyed hashes that they are in life; each from a network of its own. */
function voterOf(n: number): Pick<AcceptedVote, "voter" | "source"> {
  const digest = createHash("sha256").update(String(n)).digest();
  return { voter: digest.toString("hex", 0, 8), source: digest.readUIntBE(8, 3) };
}

/** They meet all the time. */
const FEW = 12;
/** So many that a page's buckets split. */
const MANY = 2_000;
const voters = Array.from({ length: FEW }, (_, n) => voterOf(n).voter);

/** One job: votes of few voters and of many on few pages; stamps are small, so that they tie. */
const job = fc.array(
  fc.record({
    page: fc.integer({ min: 0, max: 2 }),
    voter: fc.oneof(fc.nat(FEW - 1), fc.nat(MANY)),
    reaction: fc.option(fc.integer({ min: 0, max: 3 })),
    at: fc.integer({ min: 1, max: 30 }),
  }),
  { minLength: 1, maxLength: VOTES_A_CALL_MAX },
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
            (vote): AcceptedVote => ({
              ...vote,
              ...voterOf(vote.voter),
              site: SITE.id,
              page: pages[vote.page] ?? "",
            }),
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
        const records = await Promise.all(
          model.records.map(({ page, voter }) => readRecord(redis, SITE.id, page, voter)),
        );
        expect(records).toEqual(model.records.map(({ reaction, at }) => ({ reaction, at, held: false })));
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

  it("V89: takes no more votes a call than a call may hold", async () => {
    const votes = Array.from({ length: VOTES_A_CALL_MAX + 1 }, (_, n) => ({
      ...voterOf(n),
      reaction: 0,
      at: 1,
    }));
    await expect(tallyPage(redis, SITE.id, randomUUID(), votes)).rejects.toThrow(RangeError);
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
