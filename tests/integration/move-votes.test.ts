/** Moving votes to an account among moderators' orders, at the worker's own calls. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { carryOutOrder } from "../../services/worker/carry-out-order.ts";
import type { GivenOrder } from "../../services/worker/given-order.ts";
import { OrderTally } from "../../services/worker/order-tally.ts";
import { readAudit } from "../../shared/moderation/audit.ts";
import { isBanned } from "../../shared/moderation/bans.ts";
import { countHeld } from "../../shared/tallies/count-held.ts";
import { moveVote } from "../../shared/tallies/move-vote.ts";
import { readTotals } from "../../shared/tallies/read-counts.ts";
import { readRecord } from "../../shared/tallies/read-record.ts";
import { HELD } from "../../shared/tallies/record.ts";
import { tallyPage } from "../../shared/tallies/tally-page.ts";
import { pseudonymOf } from "../../shared/votes/voters.ts";
import { tallyJob } from "../support/tally-job.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

const begin = Date.now() - 1_000_000;

/** A site with one page, an anonymous reader and the account that they sign in with. */
function reader() {
  const [site, page] = [`s-${randomUUID().slice(0, 12)}`, randomUUID()];
  const [anonymous, account] = [0, 1].map(() => `v1.${randomBytes(32).toString("base64url")}`);
  if (anonymous === undefined || account === undefined) throw new Error("two handles");
  let given = 0;
  const vote = (handle: string, reaction: number | null, at: number, source = 1) =>
    tallyJob(redis, [{ site, page, voter: pseudonymOf(handle, page), reaction, at: begin + at, source }]);
  const order = async (name: GivenOrder["order"], at: number, more: Partial<GivenOrder> = {}) => {
    const id = `o${given++}${randomUUID()}`;
    const whole = { version: 1, site, by: "test", order: name, at: begin + at, id, ...more } as const;
    await carryOutOrder(redis, whole, new OrderTally(undefined, async () => {}));
    return id;
  };
  return {
    site,
    page,
    anonymous,
    account,
    vote,
    order,
    move: (at: number) => order("move", at, { voter: anonymous, to: account }),
    totals: async () => (await readTotals(redis, site, page)).totals.slice(0, 4),
    holds: async (handle: string) =>
      (await readRecord(redis, site, page, pseudonymOf(handle, page)))?.reaction ?? null,
  };
}

describe("moving votes", () => {
  it("V62: the newer of two votes holds; one that only the anonymous voter had arrives as it was", async () => {
    const newer = reader();
    await newer.vote(newer.account, 1, 10);
    await newer.vote(newer.anonymous, 0, 20);
    expect(await newer.totals()).toEqual([1, 1, 0, 0]);
    await newer.move(30);
    expect(await newer.totals()).toEqual([1, 0, 0, 0]);
    expect([await newer.holds(newer.anonymous), await newer.holds(newer.account)]).toEqual([null, 0]);

    const older = reader();
    await older.vote(older.anonymous, 0, 10);
    await older.vote(older.account, 1, 20);
    await older.move(30);
    expect(await older.totals()).toEqual([0, 1, 0, 0]);

    const alone = reader();
    await alone.vote(alone.anonymous, 2, 10);
    await alone.move(30);
    expect(await alone.totals()).toEqual([0, 0, 1, 0]);
    expect(await alone.holds(alone.account)).toBe(2);
    await alone.vote(alone.account, null, 40);
    expect(await alone.totals()).toEqual([0, 0, 0, 0]);
  });

  it("V63: a vote that was on its way follows; one of a later reader of the same browser does not", async () => {
    const { vote, move, totals, anonymous, account, holds } = reader();
    await vote(account, 1, 5);
    await move(30);
    await vote(anonymous, 0, 25);
    expect(await totals()).toEqual([1, 0, 0, 0]);
    await vote(anonymous, 2, 30_000);
    expect([await totals(), await holds(account)]).toEqual([[0, 0, 1, 0], 2]);
    await vote(anonymous, 3, 300_000);
    expect(await totals()).toEqual([0, 0, 1, 1]);
  });

  it("V64: what a purge took does not come along; its undo gives it to the account, unless that has a newer word", async () => {
    for (const [at, expected] of [
      [5, [1, 0, 0, 0]],
      [50, [0, 1, 0, 0]],
    ] as const) {
      const { vote, order, move, totals, anonymous, account, page } = reader();
      await vote(anonymous, 0, 10, 7);
      const purge = await order("purge", 20, { page, source: 7 });
      await move(30);
      expect(await totals()).toEqual([0, 0, 0, 0]);
      await vote(account, 1, at, 8);
      await order("undo", 60, { page, of: purge, undoes: "purge" });
      expect(await totals()).toEqual(expected);
    }
  });

  it("V64: a purge that is about votes of a network finds those that moved", async () => {
    const { vote, order, move, totals, anonymous, page } = reader();
    await vote(anonymous, 0, 10, 7);
    await move(30);
    await order("purge", 40, { page, source: 7 });
    expect(await totals()).toEqual([0, 0, 0, 0]);
  });

  it("V64: a banned reader is banned as account, too, and moderators are told", async () => {
    const { site, vote, order, move, totals, anonymous, account } = reader();
    await vote(account, 1, 5);
    await vote(anonymous, 0, 10);
    await order("ban", 20, { voter: anonymous });
    expect(await totals()).toEqual([0, 1, 0, 0]);
    await move(30);
    expect(await isBanned(redis, site, account)).toBe(true);
    expect(await totals()).toEqual([0, 0, 0, 0]);
    const [line] = await readAudit(redis, site, { limit: 10 });
    expect(line).toMatchObject({ order: "ban", voter: account, what: "done" });
    expect(JSON.stringify(line)).not.toContain(anonymous);
  });

  it("V64: a pseudonym that is banned on its page is banned there as account; a banned account gains nothing", async () => {
    const one = reader();
    await one.vote(one.anonymous, 0, 10);
    await one.order("ban", 20, { page: one.page, voter: pseudonymOf(one.anonymous, one.page) });
    await one.move(30);
    expect(await isBanned(redis, one.site, pseudonymOf(one.account, one.page))).toBe(true);
    const other = reader();
    await other.order("ban", 20, { voter: other.account });
    await other.vote(other.anonymous, 0, 500_000);
    expect(await other.totals()).toEqual([1, 0, 0, 0]);
    await other.move(600_000);
    expect(await other.totals()).toEqual([0, 0, 0, 0]);
  });

  it("V62: a held vote stays held, unless the account was counted before", async () => {
    const { site, page, totals, anonymous, account } = reader();
    const [from, to] = [pseudonymOf(anonymous, page), pseudonymOf(account, page)];
    await tallyPage(redis, site, page, [{ voter: from, reaction: HELD, at: begin + 10, source: 1 }]);
    const until = begin + 100;
    await moveVote(redis, site, page, { from, to, until });
    expect([await totals(), await countHeld(redis, site, page)]).toEqual([[0, 0, 0, 0], 1]);
    expect(await readRecord(redis, site, page, to)).toMatchObject({ reaction: 0, held: true });
    const again = reader();
    await again.vote(again.account, 1, 5);
    const [here, there] = [again.anonymous, again.account].map((handle) => pseudonymOf(handle, again.page));
    if (here === undefined || there === undefined) throw new Error("two names");
    await tallyPage(redis, again.site, again.page, [
      { voter: here, reaction: HELD, at: begin + 10, source: 1 },
    ]);
    await moveVote(redis, again.site, again.page, { from: here, to: there, until });
    expect([await again.totals(), await countHeld(redis, again.site, again.page)]).toEqual([[1, 0, 0, 0], 0]);
  });

  it("V62: a page grows by what arrives, however much that is", async () => {
    const { site, page, totals } = reader();
    const names = (kind: string) =>
      Array.from({ length: 300 }, (_, n) => pseudonymOf(`v1.${kind}${n}`, page));
    const [from, to] = [names("anonymous"), names("account")];
    const votes = from.map((voter) => ({ voter, reaction: 16, at: begin, source: 1 }));
    for (let n = 0; n < votes.length; n += 100) await tallyPage(redis, site, page, votes.slice(n, n + 100));
    await Promise.all(
      from.map((one, n) => moveVote(redis, site, page, { from: one, to: to[n] ?? "", until: begin })),
    );
    expect(await totals()).toEqual([300, 0, 0, 0]);
    for (const voter of to) expect((await readRecord(redis, site, page, voter))?.reaction).toBe(0);
    const recount = { version: 1, site, by: "t", at: begin, id: "r", order: "recount", page } as const;
    const { drift } = await carryOutOrder(redis, recount, new OrderTally(undefined, async () => {}));
    expect(drift).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
