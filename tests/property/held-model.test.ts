/**
 * Held votes against what must hold whatever comes: every voter is shown their newest vote; each vote is counted or held and
 * never both; totals are those of the records; nothing that is delivered again moves anything.
 */
import { randomInt, randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { carryOutOrder } from "../../services/worker/carry-out-order.ts";
import type { GivenOrder } from "../../services/worker/given-order.ts";
import { OrderTally } from "../../services/worker/order-tally.ts";
import { countHeld } from "../../shared/tallies/count-held.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { readRecords } from "../../shared/tallies/read-records.ts";
import { isHeld } from "../../shared/tallies/record.ts";
import type { ScannedRecord } from "../../shared/tallies/scan-records.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { tallyJob } from "../support/tally-job.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
/** Printed with every failure; a seed that failed once becomes a test of its own. */
const seed = randomInt(2 ** 31);
const BEGIN = Date.now() - 1_000_000;

beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

/** Many voters of few networks, so that most are held, and some of everywhere. */
const vote = fc.record({
  voter: fc.integer({ min: 0, max: 400 }),
  reaction: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 8 }),
  crowd: fc.integer({ min: 0, max: 9 }),
  at: fc.integer({ min: 0, max: 999 }),
});
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("job" as const),
      votes: fc.array(vote, { minLength: 10, maxLength: 40 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("again" as const), nth: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("order" as const),
      order: fc.constantFrom("release" as const, "discard" as const),
      source: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
      undo: fc.boolean(),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Networks 0 to 2 are crowds, the first by far the largest; anything else is a reader of somewhere. */
function sourceOf(crowd: number, voter: number): number {
  return crowd < 8 ? Math.max(0, crowd - 5) : Math.imul(voter + 7, 0x9e3779b1) >>> 8;
}

async function recordsOf(page: string): Promise<readonly ScannedRecord[]> {
  const all: ScannedRecord[] = [];
  for await (const some of readRecords(redis, "held", page)) all.push(...some);
  return all;
}

/** Held votes that the runs ended with: none would mean that nothing was tried. */
let seen = 0;

async function play(steps: readonly Step[]): Promise<void> {
  const page = randomUUID();
  const jobs: AcceptedVote[][] = [];
  const newest = new Map<string, AcceptedVote>();
  const undone: GivenOrder[] = [];
  const deliver = (votes: readonly AcceptedVote[]) => tallyJob(redis, votes);
  const give = async (order: Partial<GivenOrder> & Pick<GivenOrder, "order">): Promise<GivenOrder> => {
    const whole = {
      version: 1,
      site: "held",
      by: "test",
      at: BEGIN + 900_000,
      id: `o${randomUUID()}`,
      page,
      ...order,
    } as const;
    for (let time = 0; time < 2; time++)
      await carryOutOrder(redis, whole, new OrderTally(undefined, async () => {}));
    return whole;
  };
  for (const [number, one] of steps.entries()) {
    if (one.kind === "job") {
      const votes = one.votes.map(
        ({ voter, reaction, crowd, at }, nth): AcceptedVote => ({
          site: "held",
          page,
          voter: (Math.imul(voter + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0").padEnd(16, "0"),
          reaction,
          // No two votes with one stamp: which of them counts then is open.
          at: BEGIN + at * 900 + number * 40 + (nth % 40),
          source: sourceOf(crowd, voter),
        }),
      );
      jobs.push(votes);
      await deliver(votes);
      for (const cast of votes) {
        const before = newest.get(cast.voter);
        if (before === undefined || cast.at >= before.at) newest.set(cast.voter, cast);
      }
    } else if (one.kind === "again") await deliver(jobs[one.nth % Math.max(1, jobs.length)] ?? []);
    else {
      const given = await give({ order: one.order, source: one.source });
      // What was discarded and not given back is nobody's newest vote any more; so every discard is undone in the end.
      if (one.undo || one.order === "discard") undone.push(given);
    }
  }
  for (const { id: of, order: undoes } of undone.reverse()) await give({ order: "undo", of, undoes });

  const records = await recordsOf(page);
  const { totals } = await readTotals(redis, "held", page);
  for (let reaction = 0; reaction < 3; reaction++) {
    expect(totals[reaction]).toBe(records.filter((record) => record.reaction === reaction).length);
  }
  const shown = new Map(
    records.map(({ voter, reaction }) => [
      voter,
      reaction > 15 ? null : isHeld(reaction) ? reaction - 8 : reaction,
    ]),
  );
  for (const [voter, cast] of newest) expect(shown.get(voter), voter).toBe(cast.reaction);
  expect(await countHeld(redis, "held", page)).toBe(
    records.filter(({ reaction }) => isHeld(reaction)).length,
  );
  seen += records.filter(({ reaction }) => isHeld(reaction)).length;
  expect(await redis.zcard(`{held:${page}}:holds`)).toBe(
    records.filter(({ reaction }) => isHeld(reaction)).length,
  );
  const recount = await carryOutOrder(
    redis,
    { version: 1, site: "held", by: "test", at: BEGIN, id: "recount", order: "recount", page },
    new OrderTally(undefined, async () => {}),
  );
  expect(recount.drift).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  for (const votes of jobs) await deliver(votes);
  expect((await readTotals(redis, "held", page)).totals).toEqual(totals);
}

describe("held votes", () => {
  it("V51: each vote is counted or held, whatever is late, doubled, released, discarded or undone", async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), play), {
      seed,
      numRuns: 40,
    });
    expect(seen).toBeGreaterThan(100);
  }, 60_000);
});
