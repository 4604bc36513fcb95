/**
 * Orders against a model that fits on a page: of each voter's delivered votes on a page the newest counts, unless an order is
 * about it. Votes come at random, doubled, late and in redelivered jobs, orders and undos among them, each carried out once
 * or twice; afterwards totals, records and the model must agree, a recount must find nothing to mend, timelines must add up
 * to the totals, and the site's must be the sum of its pages'.
 */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { carryOutOrder } from "../../services/worker/carry-out-order.ts";
import type { GivenOrder } from "../../services/worker/given-order.ts";
import { OrderTally } from "../../services/worker/order-tally.ts";
import { addToSite } from "../../shared/tallies/add-to-site.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { readRecord } from "../../shared/tallies/read-record.ts";
import { type Changes, readChanges } from "../../shared/tallies/read-timeline.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { pseudonymOf } from "../../shared/votes/voters.ts";
import { tallyJob } from "../support/tally-job.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
/** Printed with every failure; a seed that failed once becomes a test of its own. */
const seed = randomInt(2 ** 31);

beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

const HANDLES = Array.from({ length: 5 }, () => `v1.${randomBytes(32).toString("base64url")}`);
const PAGES = 2;

interface ModelVote extends AcceptedVote {
  readonly handle: string;
}

/** What the model keeps of a voter on a page. */
interface Held {
  votes: ModelVote[];
  /** Votes that a freeze took before they were due, or that a ban took: by whom. */
  readonly taken: Map<ModelVote, Set<string>>;
}

class Model {
  readonly #held = new Map<string, Held>();
  readonly #rules: GivenOrder[] = [];
  readonly #undone = new Set<string>();
  readonly #bans = new Map<string, string>();
  readonly #spans = new Map<string, { from: number; to: number }[]>();

  deliver(votes: readonly ModelVote[]): void {
    for (const vote of votes) {
      if (this.#inSpan(vote)) continue;
      const held = this.#of(vote.page, vote.handle);
      if (!held.votes.includes(vote)) held.votes.push(vote);
    }
    this.#settle();
  }

  order(order: GivenOrder): void {
    const { order: kind, id, at, page = "", voter = "" } = order;
    const spans = this.#spans.get(page) ?? [];
    this.#spans.set(page, spans);
    const frozen = spans.at(-1)?.to === Number.POSITIVE_INFINITY;
    if (kind === "reset" || kind === "purge" || kind === "forget") this.#rules.push(order);
    else if (kind === "ban") this.#bans.set(voter, id);
    else if (kind === "unban") this.#bans.delete(voter);
    else if (kind === "freeze" && !frozen) {
      for (const held of this.#held.values()) {
        const newest = this.newest(held);
        if (newest?.page !== page || newest.at <= at || !this.#counts(held, newest)) continue;
        this.#take(held, newest, id);
      }
      spans.push({ from: at, to: Number.POSITIVE_INFINITY });
    } else if (kind === "reopen" && frozen) Object.assign(spans.at(-1) ?? {}, { to: at });
    else if (kind === "undo") {
      this.#undone.add(order.of ?? "");
      if (this.#bans.get(voter) === order.of) this.#bans.delete(voter);
    }
    this.#settle();
  }

  /** Index of the reaction that the voter holds; null: none. */
  holds(page: string, handle: string): number | null {
    const held = this.#of(page, handle);
    const newest = this.newest(held);
    return newest !== undefined && this.#counts(held, newest) ? newest.reaction : null;
  }

  newest({ votes }: Held): ModelVote | undefined {
    return votes.reduce<ModelVote | undefined>(
      (best, vote) => (vote.at > (best?.at ?? -1) ? vote : best),
      undefined,
    );
  }

  #of(page: string, handle: string): Held {
    const name = `${page} ${handle}`;
    const held = this.#held.get(name) ?? { votes: [], taken: new Map() };
    this.#held.set(name, held);
    return held;
  }

  #counts(held: Held, vote: ModelVote): boolean {
    const taken = [...(held.taken.get(vote) ?? [])].some((id) => !this.#undone.has(id));
    return (
      vote.reaction !== null &&
      !taken &&
      !this.#inSpan(vote) &&
      !this.#rules.some((rule) => this.#meets(rule, vote))
    );
  }

  #meets(rule: GivenOrder, vote: ModelVote): boolean {
    return (
      !this.#undone.has(rule.id) &&
      vote.at <= Math.min(rule.at, rule.until ?? rule.at) &&
      vote.at >= (rule.since ?? 0) &&
      (rule.page === undefined || rule.page === vote.page) &&
      (rule.voter === undefined || rule.voter === vote.handle) &&
      (rule.source === undefined || rule.source === vote.source) &&
      (rule.reaction === undefined || rule.reaction === vote.reaction)
    );
  }

  #inSpan({ page, at }: ModelVote): boolean {
    return (this.#spans.get(page) ?? []).some(({ from, to }) => at > from && at <= to);
  }

  /** Whatever a banned voter holds goes to the ban. */
  #settle(): void {
    for (const held of this.#held.values()) {
      const newest = this.newest(held);
      const ban = newest === undefined ? undefined : this.#bans.get(newest.handle);
      if (newest !== undefined && ban !== undefined && this.#counts(held, newest))
        this.#take(held, newest, ban);
    }
  }

  #take(held: Held, vote: ModelVote, id: string): void {
    held.taken.set(vote, (held.taken.get(vote) ?? new Set()).add(id));
  }
}

const vote = fc.record({
  page: fc.integer({ min: 0, max: PAGES - 1 }),
  voter: fc.integer({ min: 0, max: HANDLES.length - 1 }),
  reaction: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 6 }),
  // Half a second around the orders, which are one every 10 ms.
  at: fc.integer({ min: 0, max: 250 }),
  source: fc.integer({ min: 1, max: 3 }),
});
const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("job" as const),
      votes: fc.array(vote, { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("again" as const), nth: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("order" as const),
      order: fc.constantFrom(
        "reset",
        "purge",
        "purge",
        "ban",
        "unban",
        "freeze",
        "reopen",
        "forget" as const,
      ),
      page: fc.integer({ min: 0, max: PAGES - 1 }),
      everywhere: fc.boolean(),
      voter: fc.integer({ min: 0, max: HANDLES.length - 1 }),
      byVoter: fc.boolean(),
      source: optional(fc.integer({ min: 1, max: 3 })),
      reaction: optional(fc.integer({ min: 0, max: 2 })),
      since: optional(fc.integer({ min: 0, max: 250 })),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("undo" as const), nth: fc.nat(), twice: fc.boolean() }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

const give = async (order: GivenOrder, twice: boolean): Promise<void> => {
  for (let time = 0; time < (twice ? 2 : 1); time++) {
    await carryOutOrder(redis, order, new OrderTally(undefined, async () => {}));
  }
};

async function play(events: readonly Event[]): Promise<void> {
  const site = `model-${randomUUID().slice(0, 12)}`;
  const pages = Array.from({ length: PAGES }, () => randomUUID());
  // Close to now: what is kept for an undo expires a week after the order.
  const begin = Date.now() - 1_000_000;
  const model = new Model();
  const jobs: ModelVote[][] = [];
  const undoable: GivenOrder[] = [];
  let clock = 0;
  const toVote = (
    { page, voter, at, ...rest }: typeof vote extends fc.Arbitrary<infer V> ? V : never,
    nth: number,
  ): ModelVote => {
    const [name = "", handle = ""] = [pages[page], HANDLES[voter]];
    // No two votes with one stamp: which of them counts then is open.
    const stamp = begin + at * 1_000 + jobs.length * 10 + nth;
    return { ...rest, site, page: name, handle, voter: pseudonymOf(handle, name), at: stamp };
  };
  const deliver = async (votes: readonly ModelVote[]): Promise<void> => {
    // The worker tells the site of many calls at once.
    await tallyJob(redis, votes, (named, _page, { changes, applied }) =>
      addToSite(redis, named, changes, applied),
    );
    model.deliver(votes);
  };
  for (const one of events) {
    clock += 10_000;
    const stamped = { version: 1, site, by: "test", at: begin + clock, id: `o${randomUUID()}` } as const;
    if (one.kind === "job") {
      const votes = one.votes.map(toVote);
      jobs.push(votes);
      await deliver(votes);
    } else if (one.kind === "again") {
      const votes = jobs[one.nth % Math.max(1, jobs.length)];
      if (votes !== undefined) await deliver(votes);
    } else if (one.kind === "undo") {
      const [undone] = undoable.splice(one.nth % Math.max(1, undoable.length), 1);
      if (undone === undefined) continue;
      const { page, voter, id: of, order: undoes } = undone;
      const undo: GivenOrder = { ...stamped, order: "undo", page, voter, of, undoes };
      await give(undo, one.twice);
      model.order(undo);
    } else {
      const order = orderOf(one, stamped, pages, begin);
      await give(order, one.twice);
      model.order(order);
      if (["reset", "purge", "ban"].includes(order.order)) undoable.push(order);
    }
  }
  for (const page of pages) {
    const held = HANDLES.map((handle) => model.holds(page, handle));
    const expected = Array.from(
      { length: 8 },
      (_, index) => held.filter((reaction) => reaction === index).length,
    );
    const shown = (await readTotals(redis, site, page)).totals;
    expect(shown).toEqual(expected);
    for (const [index, handle] of HANDLES.entries()) {
      const record = await readRecord(redis, site, page, pseudonymOf(handle, page));
      expect(record?.reaction ?? null, `voter ${index}`).toBe(held[index]);
    }
  }
  const recount = { version: 1, site, by: "test", at: begin, id: "recount", order: "recount" } as const;
  const found = await carryOutOrder(redis, recount, new OrderTally(undefined, async () => {}));
  expect(found.drift).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  for (const by of ["minute", "hour"] as const) {
    const read = (page?: string) => readChanges(redis, site, page, by, begin - 3_600_000);
    const ofPages = await Promise.all(pages.map((page) => read(page)));
    for (const { totals, changes } of ofPages) expect(sumOf([{ changes }])).toEqual(totals);
    const ofSite = await read();
    expect(byMoment([ofSite])).toEqual(byMoment(ofPages));
    expect(ofSite.totals).toEqual(ofSite.totals.map((_, index) => sum(ofPages, index)));
  }
}

function sum(pages: readonly Changes[], index: number): number {
  return pages.reduce((all, { totals }) => all + (totals[index] ?? 0), 0);
}

function sumOf(timelines: readonly Pick<Changes, "changes">[]): readonly number[] {
  const sums = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const { reaction, change } of timelines.flatMap(({ changes }) => changes))
    sums[reaction] = (sums[reaction] ?? 0) + change;
  return sums;
}

/** Net change by moment and reaction; what cancels out is left out. */
function byMoment(timelines: readonly Changes[]): ReadonlyMap<string, number> {
  const moments = new Map<string, number>();
  for (const { at, reaction, change } of timelines.flatMap(({ changes }) => changes)) {
    const name = `${at} ${reaction}`;
    moments.set(name, (moments.get(name) ?? 0) + change);
  }
  return new Map([...moments].filter(([, change]) => change !== 0).sort());
}

function orderOf(
  one: Extract<Event, { kind: "order" }>,
  stamped: Pick<GivenOrder, "version" | "site" | "by" | "at" | "id">,
  pages: readonly string[],
  begin: number,
): GivenOrder {
  const [page, voter] = [pages[one.page], HANDLES[one.voter]];
  const { order, source, reaction, byVoter } = one;
  if (order === "ban" || order === "unban" || order === "forget") return { ...stamped, order, voter };
  if (order !== "purge") return { ...stamped, order, page };
  const since = one.since === undefined ? undefined : begin + one.since * 1_000;
  return {
    ...stamped,
    order,
    page: one.everywhere ? undefined : page,
    voter: byVoter ? voter : undefined,
    source,
    reaction,
    since,
  };
}

describe("orders among votes", () => {
  it("C30, C31, C32, M1, M2, M3, M4, M5, M6, M7: totals, records, timelines and the model agree, whatever is late, doubled or undone", async () => {
    await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 25 }), play), {
      seed,
      numRuns: 100,
    });
  }, 120_000);
});
