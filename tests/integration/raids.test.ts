/** What raids do to readers of crowds on a page that knows crowds. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SiteReaders } from "../../services/worker/site-readers.ts";
import { countHeld } from "../../shared/tallies/count-held.ts";
import { pageKeys } from "../../shared/tallies/page-keys.ts";
import { readRecord } from "../../shared/tallies/read-record.ts";
import { type TallyVote, tallyPage } from "../../shared/tallies/tally-page.ts";
import { tellStrangers } from "../../shared/tallies/tell-strangers.ts";
import { firstSourceOf } from "../../shared/votes/source.ts";
import { freshPage } from "../support/reader.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
beforeAll(() => redis.ping());
afterAll(() => lifecycle.stop());

const SITE = "regulars";
const CARRIER = 9_000;
/** The first of some networks that share no counter with the carrier's, however many counters the page has. */
const RAID = 10_016;

/** How many votes came from each network: the next one comes from its next address. */
const sent = new Map<number, number>();

function nextAddressOf(network: number): number {
  const address = sent.get(network) ?? 0;
  sent.set(network, address + 1);
  return firstSourceOf(network) + (address % 64);
}

/** Votes of new voters, the nth from an address of the network that `networkOf` says. */
function votes(count: number, networkOf: (n: number) => number): TallyVote[] {
  return Array.from({ length: count }, (_, n) => ({
    voter: randomBytes(8).toString("hex"),
    reaction: 0,
    at: Date.now(),
    source: nextAddressOf(networkOf(n)),
  }));
}

/** A page, and how many more are held on it after these votes. */
function begin(page = freshPage()) {
  return async (cast: readonly TallyVote[]): Promise<number> => {
    const before = await countHeld(redis, SITE, page);
    await tallyPage(redis, SITE, page, cast);
    return (await countHeld(redis, SITE, page)) - before;
  };
}

/** How many of these votes are held. */
async function waitingOf(page: string, cast: readonly TallyVote[]): Promise<number> {
  const records = await Promise.all(cast.map(({ voter }) => readRecord(redis, SITE, page, voter)));
  return records.filter((record) => record?.held).length;
}

it("V55: a raid by networks that a page has not seen does not keep readers of a network waiting that it knows", async () => {
  const held = begin();
  // A day of readers: ten from everywhere, and two from a carrier.
  for (let hour = 0; hour < 40; hour++) {
    expect(await held(votes(10, (n) => hour * 10 + n))).toBe(0);
    expect(await held(votes(2, () => CARRIER))).toBe(0);
  }
  // Then a raid, which takes whatever credit there is before the carrier's readers come.
  let [stuffed, waiting] = [0, 0];
  for (let hour = 40; hour < 50; hour++) {
    await held(votes(10, (n) => hour * 10 + n));
    stuffed += await held(votes(60, (n) => RAID + (n % 10)));
    waiting += await held(votes(2, () => CARRIER));
  }
  expect(stuffed).toBeGreaterThan(400);
  expect(waiting).toBeLessThan(10);
  // It has a credit, not a right: no more of it than its readers have shown.
  expect(await held(votes(150, () => CARRIER))).toBeGreaterThan(100);
});

it("V56: ten thousand single votes do not keep offices waiting on a page that knows offices", async () => {
  const held = begin();
  const OFFICES = 12_000;
  /** Ten readers from everywhere, and six of an office that has not been here before. */
  const hour = async (n: number): Promise<number> =>
    (await held(votes(10, (reader) => n * 10 + reader))) + (await held(votes(6, () => OFFICES + n)));
  for (let n = 0; n < 100; n++) expect(await hour(n)).toBe(0);
  for (let n = 0; n < 50; n++) expect(await held(votes(200, (reader) => 1_000 + n * 200 + reader))).toBe(0);
  let waiting = 0;
  for (let n = 100; n < 200; n++) waiting += await hour(n);
  expect(waiting).toBeLessThan(10);
});

it("V57: a page whose readers go on coming lets few of a raid's held votes go, and none of its crowds wait for that", async () => {
  const held = begin();
  const OFFICES = 12_000;
  // A day of readers, two in twelve from offices; then a raid.
  for (let hour = 0; hour < 40; hour++) {
    await held(votes(10, (reader) => hour * 10 + reader));
    await held(votes(2, () => OFFICES + (hour % 8)));
  }
  let stuffed = 0;
  for (let n = 0; n < 20; n++) stuffed += await held(votes(100, (reader) => 14_000 + (reader % 10)));
  expect(stuffed).toBeGreaterThan(1_000);
  // And as many readers again.
  let [goes, waits] = [0, 0];
  for (let hour = 40; hour < 80; hour++) {
    goes -= await held(votes(10, (reader) => hour * 10 + reader));
    const more = await held(votes(2, () => OFFICES + (hour % 8)));
    waits += Math.max(0, more);
    goes += Math.max(0, -more);
  }
  expect(goes).toBeGreaterThan(0);
  expect(goes).toBeLessThan(30);
  expect(waits).toBeLessThan(5);
});

it("V58: of those who wait, an office's few readers go before a raid's many", async () => {
  const page = freshPage();
  const held = begin(page);
  for (let hour = 0; hour < 40; hour++) expect(await held(votes(10, (n) => hour * 10 + n))).toBe(0);
  const raid = votes(2_000, (n) => 14_000 + (n % 10));
  for (let from = 0; from < raid.length; from += 100) await held(raid.slice(from, from + 100));
  const raidBefore = await waitingOf(page, raid);
  const office = votes(12, () => 12_500);
  await held(office);
  expect(await waitingOf(page, office)).toBeGreaterThan(2);
  for (let hour = 40; hour < 55; hour++) await held(votes(10, (n) => hour * 10 + n));
  expect(await waitingOf(page, office)).toBe(0);
  expect(raidBefore - (await waitingOf(page, raid))).toBeLessThan(20);
});

it("V59: on a page that knows its readers, who comes from a network in which many wait joins them, and others take their turn", async () => {
  const page = freshPage();
  const held = begin(page);
  for (let hour = 0; hour < 100; hour++) {
    await held(votes(20, (n) => hour * 20 + n));
    await held(votes(5, () => CARRIER + 1));
  }
  const raid = (count: number): TallyVote[] => votes(count, (n) => 15_000 + (n % 10));
  for (let n = 0; n < 10; n++) await held(raid(60));
  for (let hour = 100; hour < 110; hour++) await held(votes(20, (n) => hour * 20 + n));
  const more = raid(100);
  await held(more);
  // One or the other may be taken for a single reader.
  expect(await waitingOf(page, more)).toBeGreaterThan(95);
  const office = votes(8, () => 12_600);
  await held(office);
  expect(await waitingOf(page, office)).toBe(0);
});

/**
 * Ten readers from everywhere and two from offices an hour, all of whom read four times as much elsewhere on the site; and from the
 * page's first hour on as many votes by ten networks that read nothing else.
 */
async function raidWithoutEnd(tell: typeof tellStrangers): Promise<{ counted: number; waiting: number }> {
  const page = freshPage();
  const readers = new SiteReaders();
  const [raid, honest]: [TallyVote[], TallyVote[]] = [[], []];
  for (let hour = 0; hour < 80; hour++) {
    const reader = (n: number): number => (n % 12 < 10 ? hour * 10 + (n % 12) : 12_000 + (hour % 8));
    const [read, stuffed] = [votes(12, reader), votes(12, (n) => 14_000 + (n % 10))];
    honest.push(...read);
    raid.push(...stuffed);
    readers.note(SITE, "the other pages", votes(48, reader));
    readers.note(SITE, page, [...read, ...stuffed]);
    const strangers = readers.strangersOf(SITE, page);
    if (strangers !== undefined) await tell(redis, SITE, page, strangers);
    await tallyPage(redis, SITE, page, [...read, ...stuffed]);
  }
  return { counted: raid.length - (await waitingOf(page, raid)), waiting: await waitingOf(page, honest) };
}

it("V49: a raid that goes on from a page's first hour is counted little when its networks read nothing else of the site", async () => {
  const untold = await raidWithoutEnd(async () => {});
  expect(untold.counted).toBeGreaterThan(600);
  const told = await raidWithoutEnd(tellStrangers);
  expect(told.counted).toBeLessThan(250);
  expect(told.waiting).toBeLessThan(10);
});

it("V51: held votes that are withdrawn make no others plausible", async () => {
  const page = freshPage();
  const held = begin(page);
  for (let n = 0; n < 5; n++) await held(votes(20, (reader) => n * 20 + reader));
  const host = (count: number): TallyVote[] =>
    votes(count, () => 15_200).map((vote) => ({ ...vote, source: firstSourceOf(15_200) }));
  for (let n = 0; n < 10; n++) await held(host(50));
  const stuffed = host(1_000);
  for (let from = 0; from < stuffed.length; from += 200) {
    const some = stuffed.slice(from, from + 200);
    await held(some);
    await held(some.map((vote) => ({ ...vote, reaction: null, at: vote.at + 1 })));
  }
  const more = host(100);
  await held(more);
  expect(await waitingOf(page, more)).toBe(100);
});

it("V51: who votes and withdraws in turns makes no others plausible", async () => {
  const held = begin();
  for (let n = 0; n < 10; n++) await held(votes(20, (reader) => n * 20 + reader));
  expect(await held(votes(200, (n) => 14_000 + (n % 10)))).toBeGreaterThan(100);
  // Of a network that shares no counter with one of the raid's.
  const [first] = votes(1, () => 13_072);
  if (first === undefined) throw new Error("one vote was asked for");
  const began_ms = first.at - 600_000;
  const press = (nth: number, reaction: number | null): Promise<number> =>
    held([{ ...first, reaction, at: began_ms + nth * 1_000 }]);
  // Their first press is a reader more.
  await press(0, 0);
  let released = 0;
  for (let nth = 1; nth < 300; nth += 2) released -= (await press(nth, null)) + (await press(nth + 1, 0));
  expect(released).toBe(0);
});

it("V49: what is let go of strangers' held votes takes nothing of what others may have", async () => {
  const page = freshPage();
  const held = begin(page);
  const strangers = Array.from({ length: 10 }, (_, n) => firstSourceOf(14_000 + n));
  for (let hour = 0; hour < 100; hour++) await held(votes(20, (n) => hour * 20 + n));
  await tellStrangers(redis, SITE, page, strangers);
  const raid = votes(1_000, (n) => 14_000 + (n % 10));
  for (let from = 0; from < raid.length; from += 100) await held(raid.slice(from, from + 100));
  const waitingBefore = await waitingOf(page, raid);
  for (let hour = 100; hour < 130; hour++) await held(votes(20, (n) => hour * 20 + n));
  expect(await waitingOf(page, raid)).toBeLessThan(waitingBefore);
  const office = votes(25, () => 12_700);
  await held(office);
  expect(await waitingOf(page, office)).toBe(0);
});

it("V50: what an address may add is measured by the page's votes of the day, not by those of the year before", async () => {
  /** How many of a hundred votes of one address count on a page of 4,000. */
  const added = async (later: (page: string) => Promise<unknown>): Promise<number> => {
    const page = freshPage();
    const held = begin(page);
    for (let n = 0; n < 20; n++) await held(votes(200, (reader) => n * 200 + reader));
    await later(page);
    const host = votes(100, () => 15_100).map((vote) => ({ ...vote, source: firstSourceOf(15_100) }));
    await held(host);
    return host.length - (await waitingOf(page, host));
  };
  expect(await added(async () => {})).toBeGreaterThan(30);
  // A day later Redis has forgotten who voted.
  const aDay = (page: string): Promise<number> =>
    redis.unlink(pageKeys(SITE, page).hash.replace(/page$/, "crowd"));
  expect(await added(aDay)).toBeLessThanOrEqual(30);
});

it("V49: a page that has no strangers any more forgets at once whom it was told", async () => {
  const page = freshPage();
  const there = (): Promise<number> => redis.exists(pageKeys(SITE, page).strangers);
  await tellStrangers(redis, SITE, page, [firstSourceOf(1)]);
  expect(await there()).toBe(1);
  await tellStrangers(redis, SITE, page, []);
  expect(await there()).toBe(0);
});
