/**
 * Readers who sign in, against a model that fits in a sentence: of all that an account and the anonymous voters that moved to
 * it said on a page the newest holds, whatever was delivered late, doubled, or while the move was carried out.
 */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { carryOutOrder } from "../../services/worker/carry-out-order.ts";
import { OrderTally } from "../../services/worker/order-tally.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { readRecord } from "../../shared/tallies/read-record.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { pseudonymOf } from "../../shared/votes/voters.ts";
import { tallyJob } from "../support/tally-job.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
const seed = randomInt(2 ** 31);

beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

const HANDLES = Array.from({ length: 6 }, () => `v1.${randomBytes(32).toString("base64url")}`);
/** The last two are accounts; each anonymous voter before them belongs to one. */
const ACCOUNTS = [4, 5];
const accountOf = (voter: number): number => (ACCOUNTS.includes(voter) ? voter : 4 + (voter % 2));
const PAGES = 3;

const vote = fc.record({
  page: fc.integer({ min: 0, max: PAGES - 1 }),
  voter: fc.integer({ min: 0, max: HANDLES.length - 1 }),
  reaction: fc.option(fc.integer({ min: 0, max: 3 })),
});
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("job" as const),
      votes: fc.array(vote, { minLength: 1, maxLength: 8 }),
      later: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("again" as const), nth: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("move" as const),
      voter: fc.integer({ min: 0, max: 3 }),
      times: fc.integer({ min: 1, max: 3 }),
      onPage: fc.option(fc.integer({ min: 0, max: PAGES - 1 })),
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

interface SaidVote extends AcceptedVote {
  readonly by: number;
}

async function play(events: readonly Event[]): Promise<void> {
  const site = `model-${randomUUID().slice(0, 12)}`;
  const pages = Array.from({ length: PAGES }, () => randomUUID());
  let at = Date.now() - 1_000_000;
  const said: SaidVote[] = [];
  const jobs: SaidVote[][] = [];
  const late: SaidVote[][] = [];
  const moved = new Set<string>();
  const deliver = (votes: readonly SaidVote[]) => tallyJob(redis, votes).then(() => said.push(...votes));
  for (const one of events) {
    at += 10;
    if (one.kind === "job") {
      const votes = one.votes.map(({ page, voter, reaction }, nth): SaidVote => {
        const name = pages[page] ?? "";
        const pseudonym = pseudonymOf(HANDLES[voter] ?? "", name);
        return {
          site,
          page: name,
          voter: pseudonym,
          reaction,
          at: at + nth,
          source: voter * 4_096,
          by: voter,
        };
      });
      jobs.push(votes);
      if (one.later) late.push(votes);
      else await deliver(votes);
    } else if (one.kind === "again") {
      const votes = jobs[one.nth % Math.max(1, jobs.length)];
      if (votes !== undefined) await deliver(votes);
    } else {
      const page = one.onPage === null ? undefined : pages[one.onPage];
      const [voter, to] = [HANDLES[one.voter], HANDLES[accountOf(one.voter)]];
      const order = {
        version: 1,
        site,
        by: "reader",
        at,
        order: "move",
        id: `o${randomUUID()}`,
        voter,
        to,
      } as const;
      const given = page === undefined ? order : { ...order, pages: [page] };
      const carry = () => carryOutOrder(redis, given, new OrderTally(undefined, async () => {}));
      // Votes arrive while it is carried out, by several workers at once.
      const meanwhile = late.splice(0).map(deliver);
      await Promise.all([...meanwhile, ...Array.from({ length: one.times }, carry)]);
      for (const name of page === undefined ? pages : [page]) moved.add(`${one.voter} ${name}`);
    }
  }
  // Whoever moved once moves everything in the end, so that the model need not know when.
  for (const votes of late) await deliver(votes);
  for (const name of moved) {
    const [voter = "", page = ""] = name.split(" ");
    const [from, to] = [HANDLES[Number(voter)], HANDLES[accountOf(Number(voter))]];
    const order = {
      version: 1,
      site,
      by: "reader",
      at: at + 100,
      order: "move",
      voter: from,
      to,
      pages: [page],
    } as const;
    await carryOutOrder(
      redis,
      { ...order, id: `o${randomUUID()}` },
      new OrderTally(undefined, async () => {}),
    );
  }
  for (const page of pages) {
    const expected = [0, 0, 0, 0, 0, 0, 0, 0];
    const owner = (voter: number): number => (moved.has(`${voter} ${page}`) ? accountOf(voter) : voter);
    for (const [index, handle] of HANDLES.entries()) {
      const words = said
        .filter(({ by, page: on }) => on === page && owner(by) === index)
        .sort((a, b) => a.at - b.at);
      const holds = words.at(-1)?.reaction ?? null;
      const record = await readRecord(redis, site, page, pseudonymOf(handle, page));
      expect(record?.reaction ?? null, `voter ${index}`).toBe(holds);
      if (holds !== null) expected[holds] = (expected[holds] ?? 0) + 1;
    }
    expect((await readTotals(redis, site, page)).totals).toEqual(expected);
  }
  const recount = { version: 1, site, by: "test", at, id: "recount", order: "recount" } as const;
  const found = await carryOutOrder(redis, recount, new OrderTally(undefined, async () => {}));
  expect(found.drift).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
}

describe("readers who sign in", () => {
  it("V62, V63: count once, with their newest word, whatever is late, doubled, repeated or at the same time", async () => {
    await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 25 }), play), {
      seed,
      numRuns: 60,
    });
  }, 120_000);
});
